import { debianPostgresFolders } from './binaries.js'
import type { Wanted } from './binaries.js'

/** One that the environment may name instead. */
type NamedServer = Wanted & { readonly variable: string }

export const redisServer: NamedServer = {
  names: ['redis-server'],
  debianPackage: 'redis-server',
  variable: 'REACHKIT_TEST_REDIS_URL',
}
export const postgresServer: NamedServer = {
  names: ['postgres'],
  folders: debianPostgresFolders,
  debianPackage: 'postgresql',
  variable: 'REACHKIT_TEST_POSTGRES_URL',
}
export const mariadbServer: NamedServer = {
  names: ['mariadbd', 'mysqld'],
  debianPackage: 'mariadb-server',
  variable: 'REACHKIT_TEST_MYSQL_URL',
}
export const slapdServer: Wanted = { names: ['slapd'], debianPackage: 'slapd' }
