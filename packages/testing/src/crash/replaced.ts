/**
 * The same object with some of its methods replaced; the others see the object itself as `this`. It may be frozen, so
 * what stands in its place has no fields of its own.
 */
export function replaced<T extends object>(real: T, own: Partial<T>): T {
  return new Proxy<T>(Object.create(Object.getPrototypeOf(real)), {
    get(_, key) {
      if (Object.hasOwn(own, key)) return Reflect.get(own, key)
      const value: unknown = Reflect.get(real, key, real)
      return typeof value === 'function' ? value.bind(real) : value
    },
    has: (_, key) => Object.hasOwn(own, key) || Reflect.has(real, key),
    ownKeys: () => Reflect.ownKeys(real),
    getOwnPropertyDescriptor(_, key) {
      const descriptor = Reflect.getOwnPropertyDescriptor(real, key)
      return descriptor && { ...descriptor, configurable: true }
    },
  })
}
