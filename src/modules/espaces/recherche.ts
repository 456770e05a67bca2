import type { Trouvaille } from './queries.ts'

export interface Passage {
  texte: string
  trouve: boolean
}

/** A passage cut by Postgres, the words found between \u0002 and \u0003, as parts that a view prints one by one. */
export function passages(extrait: string): Passage[] {
  return extrait
    .replace(/\s+/g, ' ')
    .split('\u0002')
    .flatMap((part, i): Passage[] => {
      const [found = '', rest = ''] = part.split('\u0003')
      return i === 0
        ? [{ texte: part, trouve: false }]
        : [
            { texte: found, trouve: true },
            { texte: rest, trouve: false },
          ]
    })
    .filter(({ texte }) => texte !== '')
}

/** What a view needs of something found. */
export function shown(found: Trouvaille) {
  const { extrait } = found
  // What matched stands further down than where passages are looked for.
  const passage = extrait?.includes('\u0002') ? passages(extrait) : null
  return {
    ...found,
    lieu: found.lieu.join(' › '),
    passages: passage,
    dansLeTexte: extrait !== null && passage === null,
  }
}
