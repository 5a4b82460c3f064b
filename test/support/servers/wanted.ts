import { debianPostgresFolders } from './binaries.js'
import type { Wanted } from './binaries.js'

export const redisServer: Wanted = {
  names: ['redis-server'],
  debianPackage: 'redis-server',
  variable: 'REACHKIT_TEST_REDIS_URL',
}
export const postgresServer: Wanted = {
  names: ['postgres'],
  folders: debianPostgresFolders,
  debianPackage: 'postgresql',
  variable: 'REACHKIT_TEST_POSTGRES_URL',
}
export const mariadbServer: Wanted = {
  names: ['mariadbd', 'mysqld'],
  debianPackage: 'mariadb-server',
  variable: 'REACHKIT_TEST_MYSQL_URL',
}
