import { z } from 'zod'
import { Refusal } from '../../../kernel/errors.ts'
import { DOCUMENTS } from '../../../kernel/files/allow-list.ts'
import { downloadable, storeFile } from '../../../kernel/files/store.ts'
import { date, pluriel } from '../../../kernel/formats.ts'
import { UUID, keysetPage, keysetQuery } from '../../../kernel/keyset.ts'
import { type Route, act, file, page, redirect, stream, view } from '../../../kernel/page.ts'
import type { awaitsAnswer } from '../courrier.ts'
import { GENRES, LIBELLES, intituleOf } from '../courrier.ts'
import { makeDuplicata, pdfNameOf } from '../duplicata.ts'
import { listEnvois, listQuestions, listRelances, readCourrier } from '../queries.ts'
import { listLignes, listReponses } from '../reponses/queries.ts'
import { Nouveau, QUESTIONS, Relance, questionsOf } from './forms.ts'
import { checkAsking, destinationOf, publishNew } from './publication.ts'
import {
  ETATS, PLAFOND, askAgain, closeCourrier, countGestion, listGestion, lockCourrier, satisfyQuestion, settleAnswered,
} from './queries.ts' // prettier-ignore
import { QUESTIONS_TYPES } from './questions-types.ts'

const PAR_PAGE = 50
const words = z.string().trim().transform((typed) => typed.slice(0, 100)).catch('') // prettier-ignore
const list = z.object({ etat: z.enum(ETATS).catch(''), numero: words, nom: words, ...keysetQuery(UUID) })
const start = z.object({
  numero: words,
  cabinet: words,
  modele: z.union([z.string(), z.array(z.string())]).optional().catch(undefined),
}) // prettier-ignore

const LIBELLES_ETAT = { '': 'Tous', 'a-traiter': 'Réponses à traiter', 'en-attente': 'En attente de réponse', 'en-retard': 'En retard', clos: 'Clos' } // prettier-ignore
const can = 'gestion.courriers.manage'

export const routes: Route[] = [
  page('/gestion/courriers', {
    can,
    query: list,
    async run({ db, query, today }) {
      const ask = { ...query, today }
      const [rows, total] = await Promise.all([listGestion(db, ask, PAR_PAGE + 1), countGestion(db, ask)])
      const { etat, numero, nom } = query
      const requete = { etat, numero, nom }
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: '/gestion/courriers', query: requete,
        total, plafond: PLAFOND, nom: 'courriers',
      }) // prettier-ignore
      return view('courriers/gestion-liste', {
        courriers: lignes.map((c) => ({ ...c, intitule: intituleOf(c), etat: etatOf(c, today) })),
        etats: ETATS.map((valeur) => ({ valeur, libelle: LIBELLES_ETAT[valeur] })),
        requete,
        pager,
      })
    },
  }),
  page('/gestion/courriers/nouveau', {
    can,
    query: start,
    run: ({ query, today }) => {
      const { modele = [], numero, cabinet } = query
      const chosen = (Array.isArray(modele) ? modele : [modele]).flatMap(
        (i) => QUESTIONS_TYPES[Number(i)] ?? [],
      )
      return view('courriers/gestion-nouveau', {
        numero,
        cabinet,
        modeles: QUESTIONS_TYPES.map((texte, i) => ({ valeur: String(i), libelle: texte })),
        questions: Array.from({ length: QUESTIONS }, (_, i) => chosen[i] ?? ''),
        genres: GENRES.filter((g) => g !== 'relance' && g !== 'mise_en_demeure').map((valeur) => ({
          valeur,
          libelle: LIBELLES[valeur],
        })),
        regle: DOCUMENTS,
        avant: addDays(today, 30),
        breadcrumb: [{ libelle: 'Courriers', url: '/gestion/courriers' }, { libelle: 'Nouveau courrier' }],
      })
    },
  }),
  act('/gestion/courriers/nouveau', {
    can,
    form: Nouveau,
    upload: { rule: DOCUMENTS, maxFiles: 1 },
    async run(ctx) {
      const { db, user, form, today, note, files } = ctx
      const destination = await destinationOf(db, form)
      checkAsking(form, today)
      const fichierId = files[0] ? await storeFile(ctx, files[0]) : null
      const { id, numero, people } = await publishNew(
        db,
        user,
        {
          ...destination,
          genre: form.genre,
          objet: form.objet,
          corps: form.corps,
          aRepondreAvant: form.aRepondreAvant || null,
          fichierId,
          origineId: null,
          questions: questionsOf(form),
        },
        today,
      )
      note({
        action: 'courrier.publie',
        objet: 'courrier',
        objetId: id,
        adherentId: destination.adherent_id,
        detail: { numero },
      })
      return redirect(
        `/gestion/courriers/${id}`,
        `Le courrier n° ${numero} est publié ; ${pluriel(people, 'personne est prévenue', 'personnes sont prévenues')} par courriel.`,
      )
    },
  }),
  page('/gestion/courriers/:id', {
    can,
    async run({ db, params, today }) {
      const courrier = await readCourrier(db, params.id!)
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
      const bytes = await makeDuplicata(courrier, await listQuestions(db, courrier.id), organisme, today)
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
        user,
        {
          adherent_id: courrier.adherent_id, structure_id: courrier.structure_id, destinataire: courrier.destinataire,
          genre: form.genre, objet: `${LIBELLES[form.genre]} : ${courrier.objet}`, corps: form.texte,
          aRepondreAvant: null, fichierId: null, origineId: courrier.id, questions: [],
        },
        today,
      ) // prettier-ignore
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

function etatOf(c: Parameters<typeof awaitsAnswer>[0], today: string): { libelle: string; genre: string } {
  if (c.clos_le !== null) return { libelle: 'Clos', genre: 'neutre' }
  if (c.a_repondre_avant === null) return { libelle: 'Pour information', genre: 'neutre' }
  if (c.repondu_le !== null) return { libelle: 'Réponse à traiter', genre: 'cours' }
  if (c.a_repondre_avant < today) return { libelle: 'En retard', genre: 'erreur' }
  return { libelle: 'En attente de réponse', genre: 'attente' }
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
