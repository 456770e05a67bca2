import { z } from 'zod'
import { brokenConstraint } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { date, texte } from '../../kernel/forms.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import { PARAMETRES_LEGAUX, parametresAt } from '../clotures/echeances.ts'
import { readRegles } from '../clotures/queries.ts'
import { listParametres, note } from './queries.ts'
import { can, pathOf, trail } from './sections.ts'

const PAGE = pathOf('parametres-legaux')

/** In the words of the texts; the units are those of echeances.ts. */
export const PARAMETRES = {
  depotJoursTdfc: { libelle: 'Dépôt\u00a0: délai de plus par EDI-TDFC', unite: 'jours', max: 60 },
  eccvMois: { libelle: 'Examen de cohérence, après réception', unite: 'mois', max: 24 },
  eccvMoisSiEps: { libelle: 'Examen de cohérence avec un examen de sincérité, après réception', unite: 'mois', max: 24 },
  crmApresMois: { libelle: 'Compte rendu de mission, après la fin de l’examen', unite: 'mois', max: 24 },
  dgMois: { libelle: 'Dossier de gestion, après réception', unite: 'mois', max: 24 },
  dgMoisApresClotureSiDecalee: { libelle: 'Dossier de gestion\u00a0: au plus après une clôture décalée', unite: 'mois', max: 36 },
  epsAnneesAvecExpert: { libelle: 'Entre deux examens de sincérité, avec un expert-comptable', unite: 'ans', max: 20 },
  epsAnneesSansExpert: { libelle: 'Entre deux examens de sincérité, sans expert-comptable', unite: 'ans', max: 20 },
  ecfMois: { libelle: 'Compte rendu d’ECF, après le dépôt', unite: 'mois', max: 24 },
  adhesionMois: { libelle: 'Première adhésion\u00a0: dans les premiers mois de l’exercice', unite: 'mois', max: 12 },
  transfertJours: { libelle: 'Changement d’organisme\u00a0: délai pour adhérer ailleurs', unite: 'jours', max: 365 },
} as const // prettier-ignore

type Nom = keyof typeof PARAMETRES
const noms = Object.keys(PARAMETRES) as Nom[]

const entier = (nom: Nom): z.ZodType<number> =>
  z.coerce
    .number('Indiquez un nombre entier.')
    .int('Indiquez un nombre entier.')
    .min(0, 'Indiquez un nombre de 0 ou plus.')
    .max(
      PARAMETRES[nom].max,
      `Ce délai ne peut pas dépasser ${PARAMETRES[nom].max} ${PARAMETRES[nom].unite}.`,
    )

const fields = Object.fromEntries(noms.map((nom) => [nom, entier(nom)])) as Record<Nom, z.ZodType<number>>

const Valeurs = z.strictObject({
  depuis: date('la date d’effet'),
  source: texte('la source', 300),
  ...fields,
})

/** Each value has the day from which it holds. What has begun has decided deadlines: it is shown and never changed. */
export const parametres: Route[] = [
  page(PAGE, {
    can,
    async run({ db, today }) {
      const [rows, regles] = await Promise.all([listParametres(db), readRegles(db)])
      const enVigueur = parametresAt(regles.parametres, today)
      return view('reglages/parametres', {
        lignes: noms.map((nom) => ({
          nom,
          libelle: PARAMETRES[nom].libelle,
          unite: PARAMETRES[nom].unite,
          valeur: enVigueur[nom],
          aVenir: rows.filter((row) => row.depuis > today).at(-1)?.valeurs[nom],
        })),
        versions: [
          ...rows.map((row) => ({ ...row, detail: detailOf(row.valeurs), etat: stateOf(row.depuis, enVigueur.depuis, today), aVenir: row.depuis > today })),
          ...PARAMETRES_LEGAUX.map(({ depuis, ...valeurs }) => ({
            id: null, depuis, detail: detailOf(valeurs), source: 'Valeurs du portail', etat: stateOf(depuis, enVigueur.depuis, today), aVenir: false,
          })),
        ],
        breadcrumb: trail('parametres-legaux'),
      }) // prettier-ignore
    },
  }),
  act(PAGE, {
    can,
    form: Valeurs,
    async run({ db, form, today, note: journal }) {
      const { depuis, source, ...valeurs } = form
      if (depuis <= today)
        throw new Refusal('La date d’effet doit être à venir\u00a0: le passé ne se change pas.', 'depuis')
      try {
        await db.run(sql`insert into parametres_legaux (depuis, valeurs, source)
          values (${depuis}, ${JSON.stringify(valeurs)}::jsonb, ${source})`)
      } catch (error) {
        if (!brokenConstraint(error)?.includes('depuis')) throw error
        throw new Refusal('Des valeurs commencent déjà ce jour-là\u00a0: retirez-les d’abord.', 'depuis')
      }
      journal(note('parametres-legaux', { depuis, source, valeurs }))
      return redirect(PAGE, 'Les valeurs sont enregistrées. Elles s’appliqueront à leur date.')
    },
  }),
  act(`${PAGE}/:id/retrait`, {
    can,
    rerender: PAGE,
    async run({ db, params, today, note: journal }) {
      const { depuis } = await db.one<{ depuis: string }>(
        sql`select depuis from parametres_legaux where id = ${params.id} for update`,
      )
      if (depuis <= today)
        throw new Refusal('Ces valeurs s’appliquent déjà\u00a0: elles ne se retirent plus.')
      await db.run(sql`delete from parametres_legaux where id = ${params.id}`)
      journal(note('parametres-legaux', { retire: depuis }))
      return redirect(PAGE, 'Les valeurs à venir sont retirées.')
    },
  }),
]

function stateOf(depuis: string, current: string, today: string) {
  if (depuis > today) return { libelle: 'À venir', genre: 'attente' }
  return depuis === current
    ? { libelle: 'En vigueur', genre: 'succes' }
    : { libelle: 'Passé', genre: 'neutre' }
}

/** Each value with its name and its unit. */
function detailOf(valeurs: Partial<Record<Nom, number>>): string[] {
  return noms
    .filter((nom) => valeurs[nom] !== undefined)
    .map((nom) => `${PARAMETRES[nom].libelle}\u00a0: ${valeurs[nom]} ${PARAMETRES[nom].unite}`)
}
