/** An entry as LDIF; values may be any text. */
function entry(dn: string, attributes: Readonly<Record<string, string | readonly string[]>>): string {
  const lines = Object.entries(attributes).flatMap(([name, values]) =>
    [values].flat().map((value) => line(name, value)),
  )
  return `${[line('dn', dn), ...lines].join('\n')}\n\n`
}

function line(name: string, value: string): string {
  return `${name}:: ${Buffer.from(value).toString('base64')}`
}

export const suffix = 'dc=example,dc=org'
export const base = `ou=people,${suffix}`
export const reader = { dn: `cn=reader,${suffix}`, password: 'reader-geheim' }
/** One to whom the server answers 100 entries at most. */
export const small = { dn: `cn=small,${suffix}`, password: 'small-geheim' }

function person(
  uid: string | readonly string[],
  more: Readonly<Record<string, string | readonly string[]>> = {},
): string {
  const [first = ''] = [uid].flat()
  return entry(`cn=${Buffer.from(first).toString('hex')},${base}`, {
    objectClass: 'inetOrgPerson',
    uid,
    cn: Buffer.from(first).toString('hex'),
    sn: 'Ünïcødé 名',
    ...more,
  })
}

export const crowd: readonly string[] = Array.from(
  { length: 2_000 },
  (_, index) => `u${String(index).padStart(4, '0')}`,
)

export const strange: readonly string[] = ['a*b', '(c)(uid=*)', 'd\\2a', '用户', 'ünï', 'e,f=g+h', 'nul\\00']

export const ldif: string = [
  entry(suffix, { objectClass: ['dcObject', 'organization'], o: 'Example', dc: 'example' }),
  entry(base, { objectClass: 'organizationalUnit', ou: 'people' }),
  entry(`ou=groups,${suffix}`, { objectClass: 'organizationalUnit', ou: 'groups' }),
  ...[reader, small].map(({ dn, password }) =>
    entry(dn, { objectClass: 'person', cn: dn.slice(3, dn.indexOf(',')), sn: 'robot', userPassword: password }),
  ),
  ...crowd.map((uid, index) =>
    person(uid, { mail: `${uid}@example.org`, ou: index % 2 === 0 ? 'even' : 'odd', title: `T${index}` }),
  ),
  ...strange.map((uid) => person(uid, { mail: 'strange@example.org' })),
  person(['twice', 'also-twice'], {
    mail: ['first@example.org', 'second@example.org'],
    mobile: '+49301',
    preferredLanguage: 'de-AT, en;q=0.5',
    l: 'Europe/Vienna',
    title: ['Dr.', 'Prof.'],
  }),
  person('same', { title: 'one' }),
  entry(`cn=other same,${base}`, { objectClass: 'inetOrgPerson', uid: 'same', cn: 'other same', sn: 's' }),
  // Somebody whom the filter leaves out.
  entry(`uid=robot,${base}`, { objectClass: ['account', 'simpleSecurityObject'], uid: 'robot', userPassword: 'x' }),
].join('')
