import { date, isoDay, telephone } from '../../kernel/formats.ts'
import { type Ctx, type Reply, stream } from '../../kernel/page.ts'
import { makePdf, pdfKind } from '../../kernel/pdf/pool.ts'
import { readLogoForPaper, readRegles } from '../clotures/queries.ts'
import type { AttestationPresence } from './attestation.ts'
import { duree, horaires } from './formation.ts'
import type { Presence } from './queries.ts'

const ATTESTATION = pdfKind<AttestationPresence>(new URL('./attestation.ts', import.meta.url))

/** The paper of somebody who was there, shown in the browser; dated of the day of the session. */
export async function attestation(ctx: Ctx, row: Presence): Promise<Reply> {
  const { db, organisme, note } = ctx
  const [logo, regles] = await Promise.all([readLogoForPaper(db), readRegles(db)])
  const day = isoDay(row.fin)
  const bytes = await makePdf(ATTESTATION, {
    emetteur: {
      nom: organisme.nom,
      lignes: [regles.formeJuridique || organisme.forme],
      contact: [...organisme.adresse, telephone(organisme.telephone), organisme.courriel, organisme.site],
      logo,
      couleur: organisme.couleur,
    },
    emisLe: day,
    adherent: { nom: [row.civilite, row.denomination].filter(Boolean).join(' '), numero: row.numero },
    formation: {
      titre: row.titre,
      horaires: horaires(row),
      duree: duree(row.duree_minutes),
      lieu: [row.lieu, ...row.adresse].join(', '),
      intervenant: row.intervenant || null,
    },
    signataire: {
      lieu: [regles.lieu && `Fait à ${regles.lieu}`, `le ${date(day)}`].filter(Boolean).join(', '),
      nom: regles.signataire,
      qualite: regles.qualiteSignataire,
    },
  })
  note({
    action: 'formations.attestation',
    objet: 'formations',
    objetId: row.formation_id,
    adherentId: row.adherent_id,
  })
  return stream(bytes, 'application/pdf', `attestation-presence-${row.numero}.pdf`, true)
}
