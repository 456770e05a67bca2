import { z } from 'zod'
import { DOCUMENTS } from '../../../kernel/files/allow-list.ts'
import { storeFile } from '../../../kernel/files/store.ts'
import { pluriel } from '../../../kernel/formats.ts'
import { uuid } from '../../../kernel/forms.ts'
import {
  type Ctx, type Reply, type Route, type SignedIn, act, page, redirect, view,
} from '../../../kernel/page.ts' // prettier-ignore
import { addDays } from '../../clotures/calendrier.ts'
import { GENRES, LIBELLES } from '../courrier.ts'
import { type Contenu, MAX_DEMANDES, textsOf } from '../modeles/modele.ts'
import { listModeles, readModele } from '../modeles/queries.ts'
import { VARIABLES, variablesOf } from '../modeles/variables.ts'
import { listQuestions, readCourrier } from '../queries.ts'
import { Nouveau, QUESTIONS } from './forms.ts'
import { checkAsking, checkComplete, publishDraft, publishNew, writeCourrier } from './publication.ts'
import { deleteDraft, findAdherent, insertCourrier, lockDraft, updateCourrier } from './redaction-queries.ts'

const can = 'gestion.courriers.manage'
const BASE = '/gestion/courriers'
const words = z.string().trim().transform((typed) => typed.slice(0, 20)).catch('') // prettier-ignore
const start = z.object({
  numero: words,
  cabinet: words,
  exercice: z.string().regex(/^20\d\d$/).catch(''),
  modele: uuid.optional().catch(undefined),
}) // prettier-ignore

/** A courrier written to one dossier: from a model or not, kept as a draft or sent. */
export const routes: Route[] = [
  page(`${BASE}/nouveau`, {
    can,
    query: start,
    async run({ db, query, today }) {
      const [modele, modeles, dossier] = await Promise.all([
        query.modele === undefined ? undefined : readModele(db, query.modele),
        listModeles(db),
        query.numero === '' ? undefined : findAdherent(db, query.numero),
      ])
      const used = modele ? variablesOf(textsOf(modele)) : []
      const about = used.includes('exercice') || used.includes('cloture')
      const delai = modele ? modele.delai_jours : 30
      return editor(today, {
        titre: 'Nouveau courrier',
        action: `${BASE}/nouveau`,
        numero: query.numero,
        pour: dossier && nameOf(dossier.nom, dossier.cabinet),
        cabinet: query.cabinet,
        exercice: query.exercice || (about ? String(Number(today.slice(0, 4)) - 1) : ''),
        avant: delai === null ? '' : addDays(today, delai),
        contenu: modele ?? {
          genre: 'questions_eccv', destinataire: 'cabinet', objet: '', corps: '', questions: [],
        }, // prettier-ignore
        modele,
        modeles: modeles.map((m) => ({ valeur: m.id, libelle: m.nom })),
        brouillon: null,
      })
    },
  }),
  act(`${BASE}/nouveau`, {
    can,
    form: Nouveau,
    upload: { rule: DOCUMENTS, maxFiles: 1 },
    run: (ctx) => write(ctx),
  }),
  page(`${BASE}/:id/brouillon`, {
    can,
    async run({ db, params, today }) {
      const courrier = await readCourrier(db, params.id!)
      if (courrier.publie_le !== null) return redirect(`${BASE}/${courrier.id}`)
      const questions = await listQuestions(db, courrier.id)
      return editor(today, {
        titre: courrier.objet,
        action: `${BASE}/${courrier.id}/brouillon`,
        numero: courrier.adherent_numero ?? '',
        pour:
          courrier.adherent_nom === null ? undefined : nameOf(courrier.adherent_nom, courrier.structure_nom),
        cabinet: courrier.adherent_numero === null ? (courrier.structure_numero ?? '') : '',
        exercice: courrier.fin?.slice(0, 4) ?? '',
        avant: courrier.a_repondre_avant ?? '',
        contenu: { ...courrier, questions },
        modele: undefined,
        modeles: [],
        brouillon: { id: courrier.id, fichier: courrier.nom },
      })
    },
  }),
  act(`${BASE}/:id/brouillon`, {
    can,
    form: Nouveau,
    upload: { rule: DOCUMENTS, maxFiles: 1 },
    run: (ctx) => write(ctx, ctx.params.id),
  }),
  act(`${BASE}/:id/brouillon/suppression`, {
    can,
    rerender: `${BASE}/:id/brouillon`,
    async run({ db, params, note }) {
      await lockDraft(db, params.id!)
      const { adherent_id, objet } = await readCourrier(db, params.id!)
      await deleteDraft(db, params.id!)
      note({
        action: 'courrier.brouillon.supprime',
        objet: 'courrier',
        adherentId: adherent_id,
        detail: { objet },
      })
      return redirect(`${BASE}?etat=brouillons`, `Le brouillon « ${objet} » est supprimé.`)
    },
  }),
]

type Written = Pick<Contenu, 'destinataire' | 'objet' | 'corps' | 'questions'> & { genre: string }

interface Editor {
  /** Who has that number, once it is known. */
  pour: string | undefined
  titre: string
  action: string
  numero: string
  cabinet: string
  exercice: string
  avant: string
  contenu: Written
  modele: Contenu | undefined
  modeles: { valeur: string; libelle: string }[]
  brouillon: { id: string; fichier: string | null } | null
}

const nameOf = (nom: string, cabinet: string | null) => (cabinet === null ? nom : `${nom}, ${cabinet}`)

function editor(today: string, data: Editor): Reply {
  const year = Number(today.slice(0, 4))
  const { length } = data.contenu.questions
  return view('courriers/gestion-nouveau', {
    ...data,
    lignes: Array.from(
      { length: Math.min(MAX_DEMANDES, Math.max(QUESTIONS, length + 1)) },
      (_, i) => data.contenu.questions[i] ?? { nature: 'question', texte: '' },
    ),
    genres: GENRES.filter((g) => g !== 'relance' && g !== 'mise_en_demeure').map((valeur) => ({
      valeur,
      libelle: LIBELLES[valeur],
    })),
    exercices: [0, 1, 2, 3, 4].map((n) => ({ valeur: String(year - n), libelle: String(year - n) })),
    variables: Object.entries(VARIABLES)
      .filter(([cle]) => !cle.startsWith('valeur'))
      .map(([cle, sens]) => ({ cle: `{{${cle}}}`, sens })),
    regle: DOCUMENTS,
    breadcrumb: [{ libelle: 'Courriers', url: BASE }, { libelle: data.brouillon ? 'Brouillon' : data.titre }],
  })
}

/** Keeps what was written as a draft, or sends it. */
async function write(ctx: Ctx<Nouveau> & SignedIn, draftId?: string): Promise<Reply> {
  const { db, user, form, organisme, today, note, files } = ctx
  const kept = draftId === undefined ? null : await lockDraft(db, draftId)
  const { brut, rempli, manquantes } = await writeCourrier(db, form, organisme)
  const sending = form.geste === 'publier'
  if (sending) {
    checkAsking(form, today)
    checkComplete(manquantes)
  }
  const fichierId = files[0] ? await storeFile(ctx, files[0]) : (kept?.fichier_id ?? null)
  const courrier = { ...(sending ? rempli : brut), fichierId, origineId: null }
  const about = { objet: 'courrier', adherentId: courrier.adherent_id }
  if (!sending) {
    const id = draftId ?? (await insertCourrier(db, courrier))
    if (draftId !== undefined) await updateCourrier(db, id, courrier)
    note({ ...about, action: 'courrier.brouillon', objetId: id, detail: { objet: form.objet } })
    return redirect(
      `${BASE}/${id}/brouillon`,
      'Le brouillon est enregistré. Personne d’autre que vos collègues ne le voit.',
    )
  }
  if (draftId !== undefined) await updateCourrier(db, draftId, courrier)
  const { id, numero, people } = draftId === undefined
    ? await publishNew(db, user.id, courrier, today)
    : await publishDraft(db, user.id, draftId, courrier, today) // prettier-ignore
  note({ ...about, action: 'courrier.publie', objetId: id, detail: { numero } })
  return redirect(
    `${BASE}/${id}`,
    `Le courrier n° ${numero} est publié ; ${pluriel(people, 'personne est prévenue', 'personnes sont prévenues')} par courriel.`,
  )
}
