/**
 * @peculiar/x509 loads tsyringe, which refuses to start without the metadata functions of a proposal that never became
 * part of the language. None of its classes asks for an argument, so answers of "nothing known" are all it needs. To be
 * imported before the library.
 */
const reflect = Reflect as unknown as Record<string, () => undefined>
for (const name of ['getMetadata', 'getOwnMetadata', 'defineMetadata']) reflect[name] ??= () => undefined

export {}
