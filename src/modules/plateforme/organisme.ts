export const NATURES = { oga: 'Organisme de gestion', editeur: 'Éditeur', ordre: 'Ordre' } as const
export type Nature = keyof typeof NATURES
export const NATURE_NAMES = Object.keys(NATURES) as [Nature, ...Nature[]]

/** Lower-case letters, digits and hyphens: it is in logs and commands, and never changes. */
export const CODE = /^[a-z][a-z0-9-]{1,30}$/
/** A host name without port, or `localhost` and its children for trying out. */
export const HOTE =
  /^(?=.{3,253}$)(?:localhost|(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9])$/
