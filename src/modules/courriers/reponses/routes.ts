import { z } from 'zod'
import { PIECES_JOINTES } from '../../../kernel/files/allow-list.ts'
import { downloadable } from '../../../kernel/files/store.ts'
import { heure } from '../../../kernel/formats.ts'
import {
  type Ctx, type Reply, type Route, type SignedIn, act, file, json, page, redirect, view,
} from '../../../kernel/page.ts' // prettier-ignore
import { NotFound, Refusal } from '../../../kernel/errors.ts'
import { Saisie, empreinte, isWriting, merge } from './brouillon.ts'
import {
  findBrouillon,
  listFichiersPoses,
  lockBrouillon,
  openBrouillon,
  removeFichier,
  saveTexts,
} from './brouillons.ts'
import { send } from './envoi.ts'
import { keepPieces } from './pieces.ts'
import { isSupervised, listLignes, mustAnswer, readPiece, readReponse } from './queries.ts'
import { closedTo, readRedaction, shownRedaction } from './redaction.ts'
import { answered, pastille } from './reponse.ts'

const PATH = '/courriers/:id/reponse'
const UPLOAD = { rule: PIECES_JOINTES, maxFiles: 20 }
const Envoi = z.strictObject({ version: z.coerce.number().int().min(0) })

export const routes: Route[] = [
  page(PATH, {
    can: 'courriers.answer',
    async run({ db, user, params, now }) {
      const r = await readRedaction(db, params.id!)
      const closed = closedTo(r)
      if (closed) return redirect(closed.to, closed.phrase)
      return view('courriers/reponse', {
        ...shownRedaction(r, user, now),
        regle: PIECES_JOINTES,
        breadcrumb: breadcrumb(r.courrier.id, 'Réponse'),
      })
    },
  }),
  act(PATH, { can: 'courriers.answer', form: Saisie, upload: UPLOAD, journal: false, run: save }),
  page(`${PATH}/brouillon`, {
    can: 'courriers.answer',
    async run({ db, user, params, now }) {
      const [, draft] = await Promise.all([mustAnswer(db, params.id!), findBrouillon(db, params.id!)])
      const other = draft && draft.modifie_par !== user.id && isWriting(draft.modifie_le, now)
      return json({ version: draft?.version ?? 0, ecrit: other ? draft.modifie_nom : null })
    },
  }),
  act(`${PATH}/brouillon`, { can: 'courriers.answer', form: Saisie, journal: false, run: autosave }),
  page(`${PATH}/envoi`, {
    can: 'courriers.answer',
    async run({ db, user, params, now }) {
      const r = await readRedaction(db, params.id!)
      const closed = closedTo(r)
      if (closed) return redirect(closed.to, closed.phrase)
      const full = r.brouillon
        ? lignesDe(r.ouvertes, r.brouillon, r.fichiers)
        : 'Répondez au moins à une question.'
      if (typeof full === 'string') return redirect(`/courriers/${r.courrier.id}/reponse`, full)
      const supervisee =
        user.role === 'collaborateur' &&
        user.structureId !== null &&
        (await isSupervised(db, user.structureId))
      return view('courriers/envoi', {
        ...shownRedaction(r, user, now),
        supervisee,
        manquantes: r.ouvertes.length - full,
        breadcrumb: breadcrumb(r.courrier.id, 'Relire et envoyer'),
      })
    },
  }),
  act(`${PATH}/envoi`, {
    can: 'courriers.answer',
    form: Envoi,
    async run({ db, user, params, form, today, note }) {
      const sent = await send(db, user, params.id!, form.version, today)
      const waits = sent.numero === null
      note({
        action: waits ? 'reponse.soumise' : 'reponse.transmise',
        objet: 'reponse',
        objetId: sent.id,
        adherentId: sent.adherentId,
        detail: { courrier: params.id!, ...(waits ? {} : { numero: sent.numero }) },
      })
      return redirect(
        `/reponses/${sent.id}`,
        waits
          ? 'Votre réponse attend la validation d’un superviseur, qui vient d’être prévenu.'
          : `Votre réponse est envoyée sous le n° ${sent.numero ?? ''}. Elle ne peut plus être modifiée.`,
      )
    },
  }),
  page(`${PATH}/fichiers/:fichier`, {
    can: 'courriers.answer',
    async run({ db, params }) {
      const found = (await listFichiersPoses(db, params.id!)).find((f) => f.fichier_id === params.fichier)
      if (!found) throw new NotFound('file of a draft')
      downloadable(found)
      return file(found, { inline: found.mime === 'application/pdf' })
    },
  }),
  act(`${PATH}/fichiers/:fichier/retrait`, {
    can: 'courriers.answer',
    rerender: PATH,
    journal: false,
    async run({ db, params }) {
      const nom = await removeFichier(db, params.id!, params.fichier!)
      return redirect(`/courriers/${params.id!}/reponse`, `« ${nom} » n’est plus joint à votre réponse.`)
    },
  }),
  page('/reponses/:id', {
    can: 'reponses.read',
    async run({ db, params }) {
      const reponse = await readReponse(db, params.id!)
      const [lignes, avant] = await Promise.all([
        listLignes(db, [reponse.id]),
        reponse.precedente_id === null ? undefined : readReponse(db, reponse.precedente_id),
      ])
      return view('courriers/accuse', { reponse, lignes, avant, etat: pastille(reponse) })
    },
  }),
  page('/reponses/:id/fichiers/:fichier', {
    can: 'reponses.read',
    journal: true,
    async run({ db, params, note }) {
      const piece = await readPiece(db, params.id!, params.fichier!)
      downloadable(piece)
      note({
        action: 'reponse.fichier',
        objet: 'reponse',
        adherentId: piece.adherent_id,
        detail: { nom: piece.nom },
      })
      return file(piece, { inline: piece.mime === 'application/pdf' })
    },
  }),
]

/** How many questions the draft answers, or what it still lacks. */
function lignesDe(...draft: Parameters<typeof answered>): number | string {
  try {
    return answered(...draft).length
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

function breadcrumb(courrierId: string, libelle: string) {
  return [
    { libelle: 'Nouveaux courriers', url: '/courriers' },
    { libelle: 'Courrier', url: `/courriers/${courrierId}` },
    { libelle },
  ]
}

type Saving = Ctx<Saisie> & SignedIn

/** Keeps what was typed and joined. Only questions that both changed are left to the reader, with both texts. */
async function save(ctx: Saving): Promise<Reply> {
  const { db, user, params, form } = ctx
  const r = await readRedaction(db, params.id!)
  const closed = closedTo(r)
  if (closed) throw new Refusal(`${closed.phrase} Rien n’a été enregistré.`)
  const draft = await openBrouillon(db, user, r.courrier.id)
  const open = new Set(r.ouvertes.map((q) => q.id))
  const { textes, conflits } = merge(
    draft.textes,
    form.typed.filter((one) => open.has(one.questionId)),
  )
  await keepPieces(ctx, draft, { open, photos: form.photos, already: r.fichiers.length })
  const others = draft.sans_objet.filter((id) => !open.has(id))
  const ticked = [...form.sansObjet].filter((id) => open.has(id))
  const { modifie_le } = await saveTexts(db, user, draft.id, textes, [...others, ...ticked])
  if (conflits.length > 0) {
    const questions = r.ouvertes.flatMap((q) => {
      const conflit = conflits.find((one) => one.questionId === q.id)
      return conflit ? [{ ...q, ...conflit, base: empreinte(conflit.autre) }] : []
    })
    return {
      ...view('courriers/conflit', { courrier: r.courrier, questions, par: draft.modifie_nom }),
      status: 409,
    } as Reply
  }
  if (form.envoyer) return redirect(`/courriers/${r.courrier.id}/reponse/envoi`)
  return redirect(`/courriers/${r.courrier.id}/reponse`, `Brouillon enregistré à ${heure(modifie_le)}.`)
}

/** The same while typing: answers with what the page needs to go on from. */
async function autosave({ db, user, params, form, now }: Saving): Promise<Reply> {
  const r = await readRedaction(db, params.id!)
  const closed = closedTo(r)
  if (closed) return json({ ferme: closed.phrase }, 409)
  const before = await lockBrouillon(db, r.courrier.id)
  const open = new Set(r.ouvertes.map((q) => q.id))
  const typed = form.typed.filter((one) => open.has(one.questionId))
  const ecrit =
    before && before.modifie_par !== user.id && isWriting(before.modifie_le, now) ? before.modifie_nom : null
  const { textes, conflits, changed } = merge(before?.textes ?? {}, typed)
  if (changed) {
    const draft = before ?? (await openBrouillon(db, user, r.courrier.id))
    await saveTexts(db, user, draft.id, textes)
  }
  const inConflict = new Set(conflits.map((one) => one.questionId))
  return json(
    {
      ecrit,
      heure: heure(now),
      bases: Object.fromEntries(
        typed
          .filter((one) => !inConflict.has(one.questionId))
          .map((one) => {
            const texte = textes[one.questionId] ?? ''
            return [one.questionId, { base: empreinte(texte), texte }]
          }),
      ),
      conflits: conflits.map((one) => ({
        ...one,
        base: empreinte(one.autre),
        par: before?.modifie_nom ?? '',
      })),
    },
    conflits.length > 0 ? 409 : 200,
  )
}
