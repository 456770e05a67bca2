import { dayInFrance } from '../../../kernel/clock.ts'
import { writeJournal } from '../../../kernel/journal.ts'
import type { Organisme } from '../../../kernel/organisme.ts'
import { defineTravail } from '../../../kernel/travaux/travail.ts'
import { publishNew, valuesOf } from '../gestion/publication.ts'
import type { NewCourrier } from '../gestion/redaction-queries.ts'
import { fill } from '../modeles/variables.ts'
import { type Envoi, type Ligne, lockLignes, markLigne, readEnvoi } from './queries.ts'

export const TRAVAIL = 'courriers.envoi'
/** Courriers written in one transaction: some tenths of a second. */
const LOT = 15

/** The courrier of one line, and the variables that nothing fills. */
export function courrierOf(
  envoi: Envoi,
  ligne: Ligne,
  organisme: Pick<Organisme, 'nom'>,
): { courrier: NewCourrier; manquantes: string[] } {
  const values = {
    ...valuesOf(ligne, { fin: ligne.fin, echeance: envoi.a_repondre_avant, organisme }),
    ...ligne.valeurs,
  }
  const manquantes = new Set<string>()
  const put = (text: string) => {
    const filled = fill(text, values)
    for (const name of filled.manquantes) manquantes.add(name)
    return filled.texte
  }
  const courrier: NewCourrier = {
    adherent_id: ligne.adherent_id,
    structure_id: ligne.structure_id,
    // To himself when he has no firm.
    destinataire: ligne.structure_id === null ? 'adherent' : envoi.destinataire,
    genre: envoi.genre,
    objet: put(envoi.objet),
    corps: put(envoi.corps),
    aRepondreAvant: envoi.a_repondre_avant,
    fichierId: null,
    origineId: null,
    clotureId: ligne.cloture_id,
    questions: envoi.questions.map(({ nature, texte }) => ({ nature, texte: put(texte) })),
  }
  return { courrier, manquantes: [...manquantes] }
}

defineTravail<{ envoiId: string }, Record<string, never>>(TRAVAIL, {
  annulation: 'Les courriers déjà envoyés restent envoyés ; les autres ne partent pas.',
  libelle: 'Envoi de courriers',
  can: 'gestion.courriers.manage',
  batch: (travail, ctx) =>
    Promise.resolve(async (db) => {
      const envoi = await readEnvoi(db, travail.donnees.envoiId)
      const today = dayInFrance(ctx.services.clock())
      const lignes = await lockLignes(db, envoi.id, LOT)
      for (const ligne of lignes) {
        const { courrier, manquantes } = courrierOf(envoi, ligne, ctx.organisme)
        // The dossier may have changed since it was looked at.
        if (manquantes.length > 0) {
          await markLigne(db, ligne.id, { motif: `Il manque {{${manquantes[0]!}}}.` })
          continue
        }
        const { id, numero } = await publishNew(db, ctx.demandeur?.id ?? null, courrier, today)
        await markLigne(db, ligne.id, { courrierId: id })
        await writeJournal(db, ctx.demandeur ?? undefined, {
          action: 'courrier.publie',
          objet: 'courrier',
          objetId: id,
          adherentId: ligne.adherent_id,
          detail: { numero, envoi: envoi.id },
          request: '',
        })
      }
      const fait = travail.fait + lignes.length
      return { fait, etape: 'Écriture des courriers', fini: lignes.length < LOT }
    }),
})
