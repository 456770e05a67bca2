import type { Db } from '../../kernel/db.ts'
import type { Organisme } from '../../kernel/organisme.ts'
import { sql } from '../../kernel/sql.ts'

/** A first step of a new organisme: where it is done, and whether it is. */
export interface Etape {
  libelle: string
  url: string
  fait: boolean
}

/** What is left before the first adhérent may come; null as soon as one has an account. */
export async function demarrage(db: Db, organisme: Organisme): Promise<Etape[] | null> {
  const there = await db.one<
    Record<'cabinets' | 'adherents' | 'collegues' | 'actualites' | 'comptes', boolean>
  >(
    sql`select exists (select from structures) as cabinets, exists (select from adherents) as adherents,
      exists (select from utilisateurs where role in ('adherent', 'cabinet')) as comptes,
      exists (select from utilisateurs where role in ('permanent', 'administrateur')
        and id <> ${db.context.utilisateurId ?? null}) as collegues,
      exists (select from actualites where publiee_le is not null) as actualites`,
  )
  if (there.comptes || organisme.nature !== 'oga') return null
  const { adherents, cabinets } = organisme.vocabulaire
  const steps: [string, string, boolean][] = [
    ['Dire qui vous êtes\u00a0: adresse, téléphone, mentions légales', '/gestion/reglages/identite', organisme.adresse.length > 0],
    ['Donner votre couleur et votre logo', '/gestion/reglages/apparence', organisme.logoVersion !== null],
    ['Inviter vos collègues', '/gestion/personnel/nouveau', there.collegues],
    [`Importer vos ${cabinets}`, '/gestion/imports', there.cabinets],
    [`Importer vos ${adherents}`, '/gestion/imports', there.adherents],
    ['Publier une première actualité', '/gestion/actualites/nouvelle', there.actualites],
    [`Inviter vos ${adherents} et vos ${cabinets}`, '/gestion/comptes/invitations', false],
  ] // prettier-ignore
  return steps
    .filter(([, url]) => url !== '/gestion/actualites/nouvelle' || organisme.modules.includes('actualites'))
    .map(([libelle, url, fait]) => ({ libelle, url, fait }))
}
