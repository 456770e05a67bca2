import type { Db } from '../../kernel/db.ts'
import { keysetPage } from '../../kernel/keyset.ts'
import { type Route, page, view } from '../../kernel/page.ts'
import { lien } from '../../kernel/views.ts'
import { listCabinets as listStructures } from '../adherents/queries.ts'
import { readRegles } from '../clotures/queries.ts'
import { BIENTOT_JOURS, PLAFOND_RECHERCHE } from './conditions.ts'
import { listFiltres } from './filtres-queries.ts'
import { changementsOf } from './lots/changement.ts'
import { champsDe } from './champs.ts'
import { FILTRES, LISTE, TABLEAU } from './paths.ts'
import { cabinetDuTableau, etapesDe, ligneDe, motsDe, papiersDe } from './presentation.ts'
import { type Question, filtresDe, isFiltered, question, questionOf, requeteDe, tableau } from './question.ts'
import {
  PLAFOND_COMPTE, countDossiers, listDossiers, listExercices, listProfessions, listRegimes, rattraper,
} from './queries.ts' // prettier-ignore
import { resumeDe } from './resume.ts'
import { listCabinets, listSituations, totalOf } from './tableau.ts'

const PAR_PAGE = 50
const can = 'gestion.suivi.read'

export const routes: Route[] = [
  page(TABLEAU, {
    can,
    query: tableau,
    async run({ db, organisme, query, today }) {
      const { exercices, exercice, retard } = await campagne(db, query.exercice, today)
      const ask = { ...query, exercice }
      const { cabinet, tri, sens } = query
      const [situations, cabinets, structures, filtres, regles] = await Promise.all([
        listSituations(db, exercice, cabinet, today),
        listCabinets(db, ask, today, PAR_PAGE + 1),
        listStructures(db),
        listFiltres(db),
        readRegles(db),
      ])
      const comptes = totalOf(situations)
      const mots = motsDe(organisme, regles, today)
      const requete = { exercice: String(exercice), cabinet }
      const { lignes, pager } = keysetPage({
        rows: cabinets, size: PAR_PAGE, asked: query, cursor: (row) => row.structure_id ?? 'aucun', path: TABLEAU,
        query: { ...requete, tri, sens }, nom: organisme.vocabulaire.cabinets,
      }) // prettier-ignore
      return view('suivi/tableau', {
        ...etapesDe(situations, mots, requete),
        comptes,
        mots,
        papiers: papiersDe(comptes, mots, requete),
        cabinets: lignes.map((row) => cabinetDuTableau(row, { exercice: String(exercice) })),
        pager,
        requete: { ...requete, tri, sens },
        filtre: requete,
        exercice,
        exercices,
        structures: choixCabinets(structures),
        choisi: structures.find((s) => s.id === cabinet) ?? null,
        filtres,
        aRattraper: retard,
        bientot: BIENTOT_JOURS,
        sansAgrementDepuis: mots.regime === 'EX_OGA' ? regles.regime.exOgaDepuis : null,
      })
    },
  }),
  page(LISTE, {
    can,
    query: question,
    async run(ctx) {
      const { db, organisme, today, can: may } = ctx
      const query = refusedQuestion(ctx) ?? ctx.query
      const { exercices, exercice, retard } = await campagne(db, query.exercice, today)
      const ask = { ...query, exercice }
      const [rows, total, structures, professions, regimes, filtres, regles] = await Promise.all([
        listDossiers(db, ask, today, PAR_PAGE + 1),
        countDossiers(db, ask, today),
        listStructures(db),
        listProfessions(db, exercice),
        listRegimes(db, exercice),
        listFiltres(db),
        readRegles(db),
      ])
      const mots = motsDe(organisme, regles, today)
      const requete = requeteDe(ask)
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: LISTE, query: requete, total,
        plafond: PLAFOND_COMPTE, nom: 'dossiers',
      }) // prettier-ignore
      return view('suivi/dossiers', {
        dossiers: lignes.map((row) => ligneDe(row, mots)),
        mots,
        requete,
        criteres: filtresDe(ask),
        requeteDuLot: new URLSearchParams(filtresDe(ask)).toString(),
        pager,
        total,
        exercice,
        exercices,
        filtree: isFiltered(ask),
        tropLarge: query.nom !== '' && total >= PLAFOND_RECHERCHE,
        aRattraper: retard,
        filtres,
        changements: may('gestion.clotures.manage') ? changementsOf(mots.regime) : [],
        criteresEnMots: isFiltered(ask) ? resumeDe(ask, mots, nomDe(structures, query.cabinet)) : null,
        champs: champsDe(ask, mots, { structures: choixCabinets(structures), professions, regimes }),
        enregistrement: lien(FILTRES, { requete: new URLSearchParams(filtresDe(ask)).toString() }),
      })
    },
  }),
]

/** Shown again after a refused change of many, the list is the one that was on the screen. */
function refusedQuestion(ctx: object): Question | undefined {
  const typed = (ctx as { again?: { values: Record<string, unknown> } }).again?.values.requete
  return typeof typed === 'string' ? questionOf(typed) : undefined
}

/** The year that is asked, or else the last that is closed; what has moved is made up for before anything is counted. */
export async function campagne(db: Db, asked: number | undefined, today: string) {
  const [retard, exercices] = await Promise.all([rattraper(db), listExercices(db)])
  const last = Number(today.slice(0, 4)) - 1
  const fallback = exercices.includes(last) ? last : (exercices[0] ?? last)
  return { exercices, exercice: asked ?? fallback, retard }
}

function nomDe(structures: { id: string; numero: string }[], id: string): string | undefined {
  return structures.find((s) => s.id === id)?.numero
}

function choixCabinets(structures: { id: string; numero: string; nom: string }[]) {
  return [
    { valeur: '', libelle: 'Tous' },
    { valeur: 'aucun', libelle: 'Sans cabinet' },
    ...structures.map((s) => ({ valeur: s.id, libelle: `${s.numero} – ${s.nom}` })),
  ]
}
