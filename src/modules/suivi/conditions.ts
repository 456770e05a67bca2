import { type Sql, sql } from '../../kernel/sql.ts'
import { apresPrefixe } from '../adherents/liste.ts'
import { addDays } from '../clotures/calendrier.ts'
import type { Question } from './question.ts'
import { type Limite, type Papier, SITUATIONS_DE } from './situation.ts'

/** Searches find no more than that many names; then the page asks for more letters. */
export const PLAFOND_RECHERCHE = 1000
/** « À échéance » is within so many days. */
export const BIENTOT_JOURS = 30

export const AVANT: Record<Limite | 'reponse', Sql> = {
  liasse: sql`d.liasse_avant`,
  controle: sql`d.controle_avant`,
  compte_rendu: sql`d.compte_rendu_avant`,
  dossier_gestion: sql`d.dossier_gestion_avant`,
  reponse: sql`d.reponse_avant`,
}

export const FAIT: Record<Papier, Sql> = {
  liasse: sql`d.liasse_faite`,
  controle: sql`d.controle_fait`,
  compte_rendu: sql`d.compte_rendu_fait`,
  attestation: sql`d.attestation_faite`,
  dossier_gestion: sql`d.dossier_gestion_fait`,
}

/*
 * The same conditions count a number of the board and list what stands behind it: they are written once. `d` is
 * suivi_dossiers.
 */

export const SUIVI = sql`d.situation <> 'sans_objet'`
export const enRetard = (today: string): Sql => sql`d.echeance < ${today}`
export const bientot = (today: string): Sql =>
  sql`(d.echeance >= ${today} and d.echeance <= ${addDays(today, BIENTOT_JOURS)})`
export const reponseEnRetard = (today: string): Sql => sql`d.reponse_avant < ${today}`
export const DOCUMENTS_NON_LUS = sql`d.documents_non_lus > 0`
export const COURRIERS_NON_LUS = sql`d.courriers_non_lus > 0`
export const NON_LU = sql`(d.documents_non_lus > 0 or d.courriers_non_lus > 0)`
export const reste = (papier: Papier): Sql => sql`(not ${FAIT[papier]} and ${SUIVI})`

/** What the filters of an address mean. */
export function conditions(q: Question & { exercice: number }, today: string): Sql[] {
  const where = [sql`d.exercice = ${q.exercice}`]
  if (q.cabinet === 'aucun') where.push(sql`d.structure_id is null`)
  else if (q.cabinet !== '') where.push(sql`d.structure_id = ${q.cabinet}`)
  if (q.etape !== '') where.push(sql`d.situation = any (${SITUATIONS_DE[q.etape]}::text[])`)
  if (q.situation !== '') where.push(sql`d.situation = ${q.situation}`)
  if (q.attente !== '') where.push(sql`d.attente = ${q.attente}`)
  if (q.retard === 'oui') where.push(enRetard(today))
  else if (q.retard === 'bientot') where.push(bientot(today))
  else if (q.retard !== '') where.push(sql`${AVANT[q.retard]} < ${today}`)
  if (q.jour !== '' && q.limite !== '') where.push(sql`${AVANT[q.limite]} = ${q.jour}`)
  else if (q.jour !== '') {
    where.push(sql`${q.jour}::date in (d.liasse_avant, d.controle_avant, d.compte_rendu_avant,
      d.dossier_gestion_avant)`)
  }
  if (q.nonlu === 'documents') where.push(DOCUMENTS_NON_LUS)
  else if (q.nonlu === 'courriers') where.push(COURRIERS_NON_LUS)
  else if (q.nonlu === 'oui') where.push(NON_LU)
  if (q.fait !== '') where.push(FAIT[q.fait])
  if (q.reste !== '') where.push(reste(q.reste))
  if (q.profession !== '') where.push(sql`d.profession = ${q.profession}`)
  if (q.categorie !== '') where.push(sql`d.categorie = ${q.categorie}`)
  if (q.regime !== '') where.push(sql`d.regime_fiscal = ${q.regime}`)
  // A prefix as a range, and a search by a definer function: LIKE would not use the index behind a policy.
  if (q.numero !== '') {
    where.push(sql`d.adherent_id in (select a.id from adherents a where a.numero >= ${q.numero}
      and a.numero < ${apresPrefixe(q.numero)})`)
  }
  if (q.nom !== '')
    where.push(sql`d.adherent_id in (select app.chercher_adherents(${q.nom}, ${PLAFOND_RECHERCHE}))`)
  return where
}
