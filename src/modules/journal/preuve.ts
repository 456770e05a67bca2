import { type Route, page, stream } from '../../kernel/page.ts'
import { makePdf, pdfKind } from '../../kernel/pdf/pool.ts'
import { readLogoForPaper } from '../clotures/queries.ts'
import type { PreuveData } from './papier.ts'
import { type GenrePreuve, faitsDe } from './preuve-queries.ts'
import { readTete, rowsAbout } from './queries.ts'
import { ligne } from './shown.ts'

const PAPIER = pdfKind<PreuveData>(new URL('./papier.ts', import.meta.url))

/** The proof of one document or courrier. */
export const preuve: Route = page('/gestion/journal/preuve/:genre/:id', {
  can: 'gestion.journal.read',
  words: { genre: ['document', 'courrier'] },
  journal: true,
  async run({ db, params, organisme, user, now, today, note }) {
    const genre = params.genre as GenrePreuve
    const [faits, rows, tete, logo] = await Promise.all([
      faitsDe(db, genre, params.id!),
      rowsAbout(db, params.id!),
      readTete(db),
      readLogoForPaper(db),
    ])
    const { nom, forme, adresse, telephone, courriel, couleur } = organisme
    const bytes = await makePdf(PAPIER, {
      emetteur: { nom, forme, adresse, telephone, courriel, couleur, logo },
      faits,
      genre,
      rows: rows.map((row) => {
        const { numero, le, phrase, precision, acteur, empreinte } = ligne(row)
        return { numero, le, phrase, precision, acteur, empreinte }
      }),
      tete: tete ?? null,
      etabliePar: `${user.prenom} ${user.nom}`.trim(),
      etablieLe: now.toISOString(),
      jour: today,
    })
    note({
      action: 'journal.preuve',
      objet: genre,
      objetId: params.id!,
      detail: { titre: faits.envoi.titre },
    })
    const name = `Preuve ${genre} ${faits.envoi.numero ?? params.id!.slice(0, 8)}.pdf`
    return stream(bytes, 'application/pdf', name)
  },
})
