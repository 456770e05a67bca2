import { z } from 'zod'
import { Refusal } from '../../../kernel/errors.ts'
import { downloadable } from '../../../kernel/files/store.ts'
import { date } from '../../../kernel/formats.ts'
import { UUID, keysetPage, keysetQuery } from '../../../kernel/keyset.ts'
import type { Organisme } from '../../../kernel/organisme.ts'
import { type Route, act, file, page, redirect, stream, view } from '../../../kernel/page.ts'
import { FORMATS, exportTable } from '../../../kernel/tableur/export.ts'
import type { awaitsAnswer } from '../courrier.ts'
import { GENRES, LIBELLES, intituleOf } from '../courrier.ts'
import { makeDuplicata, pdfNameOf } from '../duplicata.ts'
import { fill } from '../modeles/variables.ts'
import {
  type CourrierFiche, type Question, listEnvois, listQuestions, listRelances, readCourrier,
} from '../queries.ts' // prettier-ignore
import { recordByHand } from '../relances/queries.ts'
import { listLignes, listReponses } from '../reponses/queries.ts'
import { addDays } from '../../clotures/calendrier.ts'
import { COLONNES, courrierBatches } from './export.ts'
import { Relance } from './forms.ts'
import { publishNew, valuesOf } from './publication.ts'
import { ETATS, PLAFOND, countGestion, listGestion } from './liste-queries.ts'
import { askAgain, closeCourrier, lockCourrier, satisfyQuestion, settleAnswered } from './suite-queries.ts'

const PAR_PAGE = 50
const words = z.string().trim().transform((typed) => typed.slice(0, 100)).catch('') // prettier-ignore
const list = z.object({
  etat: z.enum(ETATS).catch(''),
  numero: words,
  nom: words,
  genre: z.enum(GENRES).or(z.literal('')).catch(''),
  exercice: z.string().regex(/^20\d\d$/).catch(''),
  ...keysetQuery(UUID),
}) // prettier-ignore

const LIBELLES_ETAT = { '': 'Tous', 'a-traiter': 'Réponses à traiter', 'en-attente': 'En attente de réponse', 'en-retard': 'En retard', clos: 'Clos', brouillons: 'Brouillons' } // prettier-ignore
const can = 'gestion.courriers.manage'

export const routes: Route[] = [
  page('/gestion/courriers', {
    can,
    query: list,
    async run({ db, query, today }) {
      const ask = { ...query, today }
      const [rows, total] = await Promise.all([listGestion(db, ask, PAR_PAGE + 1), countGestion(db, ask)])
      const { etat, numero, nom, genre, exercice } = query
      const requete = { etat, numero, nom, genre, exercice }
      const year = Number(today.slice(0, 4))
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: '/gestion/courriers', query: requete,
        total, plafond: PLAFOND, nom: 'courriers',
      }) // prettier-ignore
      return view('courriers/gestion-liste', {
        courriers: lignes.map((c) => ({ ...c, intitule: intituleOf(c), etat: etatOf(c, today) })),
        etats: ETATS.map((valeur) => ({ valeur, libelle: LIBELLES_ETAT[valeur] })),
        genres: GENRES.map((valeur) => ({ valeur, libelle: LIBELLES[valeur] })),
        exercices: [0, 1, 2, 3, 4].map((n) => ({ valeur: String(year - n), libelle: String(year - n) })),
        cherche: numero !== '' || nom !== '' || genre !== '' || exercice !== '',
        requete,
        pager,
      })
    },
  }),
  page('/gestion/courriers.:format', {
    can,
    stepUp: true,
    query: list,
    words: FORMATS,
    journal: true,
    run(ctx) {
      const { etat, numero, nom, genre, exercice } = ctx.query
      return exportTable(ctx, {
        name: 'courriers',
        title: 'Courriers',
        columns: COLONNES,
        batches: courrierBatches(ctx.db, { ...ctx.query, today: ctx.today }),
        note: {
          action: 'courriers.exportes',
          objet: 'courriers',
          detail: { etat, numero, nom, genre, exercice },
        },
      })
    },
  }),
  page('/gestion/courriers/:id', {
    can,
    async run({ db, params, today }) {
      const courrier = await readCourrier(db, params.id!)
      if (courrier.publie_le === null) return redirect(`/gestion/courriers/${courrier.id}/brouillon`)
      const [questions, envois, relances, reponses] = await Promise.all([
        listQuestions(db, courrier.id),
        listEnvois(db, courrier.id),
        listRelances(db, courrier.id),
        listReponses(db, courrier.id),
      ])
      const lignes = await listLignes(
        db,
        reponses.map((r) => r.id),
      )
      return view('courriers/gestion-courrier', {
        courrier,
        type: LIBELLES[courrier.genre],
        etat: etatOf(courrier, today),
        envois,
        relances: relances.map((r) => ({ ...r, type: LIBELLES[r.genre] })),
        reponses,
        questions: questions.map((q) => ({
          ...q,
          reponses: lignes
            .filter((l) => l.question_id === q.id)
            .map((l) => ({ ...l, de: reponses.find((r) => r.id === l.reponse_id) })),
        })),
        questionsChoix: questions.map((q) => ({ valeur: q.id, libelle: `${q.ordre}. ${q.texte}` })),
        ouvertes: questions.filter((q) => q.satisfaite_le === null).map((q) => q.id),
        demande: courrier.a_repondre_avant !== null,
        avant: addDays(today, 15),
        breadcrumb: [
          { libelle: 'Courriers', url: '/gestion/courriers' },
          { libelle: courrier.numero ?? 'Courrier' },
        ],
      })
    },
  }),
  page('/gestion/courriers/:id/pdf', {
    can,
    journal: true,
    async run({ db, params, organisme, today, note }) {
      const courrier = await readCourrier(db, params.id!)
      note({ action: 'courrier.pdf', objet: 'courrier', adherentId: courrier.adherent_id })
      if (courrier.cle !== null) {
        const stored = courrier as Parameters<typeof file>[0] & { antivirus: string }
        downloadable(stored)
        return file(stored, { inline: true })
      }
      const questions = await listQuestions(db, courrier.id)
      const bytes = await makeDuplicata(
        ...(courrier.publie_le === null
          ? shown(courrier, questions, organisme)
          : ([courrier, questions] as const)),
        organisme,
        today,
      )
      return stream(bytes, 'application/pdf', pdfNameOf(courrier), true)
    },
  }),
  act('/gestion/courriers/:id/questions/:question/satisfaction', {
    can,
    rerender: '/gestion/courriers/:id',
    async run({ db, user, params, note }) {
      const courrier = await lockCourrier(db, params.id!)
      const touched = await satisfyQuestion(db, courrier.id, params.question!, user.id)
      if (touched === 0) throw new Refusal('Cette question est déjà notée comme satisfaite.')
      await settleAnswered(db, courrier.id)
      note({ action: 'courrier.question.satisfaite', objet: 'courrier', adherentId: courrier.adherent_id })
      return redirect(`/gestion/courriers/${courrier.id}`, 'La question est notée comme satisfaite.')
    },
  }),
  act('/gestion/courriers/:id/relance', {
    can,
    form: Relance,
    rerender: '/gestion/courriers/:id',
    async run({ db, user, params, form, today, note }) {
      const courrier = await lockCourrier(db, params.id!)
      if (courrier.clos_le !== null)
        throw new Refusal('Ce courrier est clos : rien ne peut plus être demandé.')
      if (courrier.a_repondre_avant === null) throw new Refusal('Ce courrier n’appelait pas de réponse.')
      if (form.aRepondreAvant < today)
        throw new Refusal(`Cette date est passée : nous sommes le ${date(today)}.`, 'aRepondreAvant')
      const open = (await listQuestions(db, courrier.id)).filter(
        (q) => q.satisfaite_le === null || form.question.includes(q.id),
      )
      const asked =
        form.question.length > 0 ? form.question : open.filter((q) => q.repondue_le === null).map((q) => q.id)
      if (asked.length === 0) throw new Refusal('Choisissez les questions à reposer.', 'question')
      const again = open
        .filter((q) => asked.includes(q.id) && (q.repondue_le !== null || q.satisfaite_le !== null))
        .map((q) => q.id)
      await askAgain(db, courrier.id, again, form.texte, form.aRepondreAvant)
      const { id, numero } = await publishNew(
        db,
        user.id,
        {
          adherent_id: courrier.adherent_id, structure_id: courrier.structure_id, destinataire: courrier.destinataire,
          genre: form.genre, objet: `${LIBELLES[form.genre]} : ${courrier.objet}`, corps: form.texte,
          aRepondreAvant: null, fichierId: null, origineId: courrier.id, clotureId: null, questions: [],
        },
        today,
      ) // prettier-ignore
      if (again.length === 0) {
        const miseEnDemeure = form.genre === 'mise_en_demeure'
        await recordByHand(db, courrier.id, { relanceId: id, jour: today, miseEnDemeure })
      }
      const detail = { numero, relance: id, avant: form.aRepondreAvant, questions: asked.length }
      note({ action: 'courrier.relance', objet: 'courrier', adherentId: courrier.adherent_id, detail })
      return redirect(
        `/gestion/courriers/${courrier.id}`,
        `La relance n° ${numero} est envoyée ; la réponse est attendue avant le ${date(form.aRepondreAvant)}.`,
      )
    },
  }),
  act('/gestion/courriers/:id/cloture', {
    can,
    rerender: '/gestion/courriers/:id',
    async run({ db, user, params, note }) {
      const courrier = await lockCourrier(db, params.id!)
      if (courrier.clos_le !== null) throw new Refusal('Ce courrier est déjà clos.')
      await closeCourrier(db, courrier.id, user.id)
      note({ action: 'courrier.clos', objet: 'courrier', adherentId: courrier.adherent_id })
      return redirect(`/gestion/courriers/${courrier.id}`, 'Le courrier est clos.')
    },
  }),
]

/** A draft with its variables put in, as it would leave now. */
function shown(courrier: CourrierFiche, questions: Question[], organisme: Organisme) {
  const values = valuesOf(
    {
      numero: courrier.adherent_numero ?? '',
      nom: courrier.adherent_nom ?? '',
      cabinet: courrier.structure_nom,
    },
    { fin: courrier.fin, echeance: courrier.a_repondre_avant, organisme },
  )
  const put = (text: string) => fill(text, values).texte
  return [
    { ...courrier, objet: put(courrier.objet), corps: put(courrier.corps) },
    questions.map((q) => ({ ...q, texte: put(q.texte) })),
  ] as const
}

function etatOf(
  c: Parameters<typeof awaitsAnswer>[0] & { publie_le: string | null },
  today: string,
): { libelle: string; genre: string } {
  if (c.publie_le === null) return { libelle: 'Brouillon', genre: 'neutre' }
  if (c.clos_le !== null) return { libelle: 'Clos', genre: 'neutre' }
  if (c.a_repondre_avant === null) return { libelle: 'Pour information', genre: 'neutre' }
  if (c.repondu_le !== null) return { libelle: 'Réponse à traiter', genre: 'cours' }
  if (c.a_repondre_avant < today) return { libelle: 'En retard', genre: 'erreur' }
  return { libelle: 'En attente de réponse', genre: 'attente' }
}
