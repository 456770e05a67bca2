import { NotFound, Refusal } from '../../kernel/errors.ts'
import { UUID, keysetPage, keysetQuery } from '../../kernel/keyset.ts'
import { pluriel } from '../../kernel/formats.ts'
import type { Db } from '../../kernel/db.ts'
import { type Reply, type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { z } from 'zod'
import { ecarts } from '../coordonnees/ecarts.ts'
import { LIBELLES } from '../courriers/courrier.ts'
import { listQuestions, readCourrier } from '../courriers/queries.ts'
import { type LigneReponse, listLignes, readReponse } from '../courriers/reponses/queries.ts'
import { type Reponse, etatOf, pastille } from '../courriers/reponses/reponse.ts'
import { FORMATS, exportTable } from '../../kernel/tableur/export.ts'
import { accept, reject } from './acts.ts'
import { COLONNES, pendingBatches } from './export.ts'
import { Acceptation, Lot, Rejet, Suppleance } from './forms.ts'
import { countPending, listPending } from './queries.ts'
import { endSuppleance, insertSuppleance, listCandidats, listSuppleances } from './suppleances.ts'
import { authorityOf, corrections } from './validation.ts'

const QUEUE = '/supervision/validations'
const PAR_PAGE = 25

export const routes: Route[] = [
  page(QUEUE, {
    can: 'validations.decide',
    query: z.object(keysetQuery(UUID)),
    async run({ db, user, query }) {
      const autorite = await authorityOf(db, user)
      const [rows, total] = await Promise.all([
        listPending(db, { ...query, limit: PAR_PAGE + 1 }),
        countPending(db),
      ])
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: QUEUE, total, nom: 'réponses à valider',
      }) // prettier-ignore
      return view('validations/liste', {
        reponses: lignes.map((r) => ({ ...r, mienne: r.auteur_id === user.id })),
        autorite,
        pager,
      })
    },
  }),
  page(`${QUEUE}.:format`, {
    can: 'validations.decide',
    stepUp: true,
    words: FORMATS,
    journal: true,
    async run(ctx) {
      await authorityOf(ctx.db, ctx.user)
      return exportTable(ctx, {
        name: 'reponses-a-valider',
        title: 'Réponses à valider',
        columns: COLONNES,
        batches: pendingBatches(ctx.db),
        note: { action: 'validations.exportees', objet: 'validations' },
      })
    },
  }),
  act(QUEUE, {
    can: 'validations.decide',
    form: Lot,
    async run({ db, user, form, note, today }) {
      const autorite = await authorityOf(db, user)
      const ids = [...new Set(form.reponse)].sort()
      if (ids.length === 0) throw new Refusal('Cochez au moins une réponse à accepter.')
      let accepted = 0
      for (const id of ids) {
        if (etatOf(await readReponse(db, id)) !== 'a_valider') continue
        await accept({ db, note, today }, autorite, id, [])
        accepted++
      }
      if (accepted === 0) throw new Refusal('Ces réponses ont déjà été traitées. Rien n’a été changé.')
      const rest = ids.length - accepted
      const others =
        rest === 0
          ? ''
          : ` ${pluriel(rest, 'autre avait', 'autres avaient')} déjà été traitée${rest > 1 ? 's' : ''}.`
      return redirect(
        QUEUE,
        `${pluriel(accepted, 'réponse acceptée et transmise', 'réponses acceptées et transmises')}.${others}`,
      )
    },
  }),
  page(`${QUEUE}/suppleance`, {
    can: 'validations.suppleance',
    async run({ db, user, today }) {
      const [suppleances, candidats] = await Promise.all([listSuppleances(db), listCandidats(db, today)])
      return view('validations/suppleance', {
        suppleances: suppleances.map((s) => ({
          ...s,
          etat: s.terminee_le !== null || s.au < today ? 'finie' : s.du > today ? 'avenir' : 'cours',
          mienne: s.titulaire_id === user.id,
        })),
        candidats: candidats.map((c) => ({ valeur: c.id, libelle: `${c.nom} (${c.login})` })),
        breadcrumb: [{ libelle: 'Validation des réponses', url: QUEUE }, { libelle: 'Suppléance' }],
      })
    },
  }),
  act(`${QUEUE}/suppleance`, {
    can: 'validations.suppleance',
    form: Suppleance,
    async run({ db, user, form, today, note }) {
      const objetId = await insertSuppleance(db, user, form, today)
      const detail = { suppleant: form.suppleant, du: form.du, au: form.au }
      note({ action: 'suppleance.nommee', objet: 'suppleance', objetId, detail })
      return redirect(
        `${QUEUE}/suppleance`,
        'La suppléance est enregistrée. Elle commence et finit seule, aux dates dites.',
      )
    },
  }),
  act(`${QUEUE}/suppleance/:id/fin`, {
    can: 'validations.suppleance',
    rerender: `${QUEUE}/suppleance`,
    async run({ db, user, params, note }) {
      await endSuppleance(db, user, params.id!)
      note({ action: 'suppleance.terminee', objet: 'suppleance' })
      return redirect(`${QUEUE}/suppleance`, 'La suppléance est terminée.')
    },
  }),
  page(`${QUEUE}/:id`, {
    can: 'validations.decide',
    async run({ db, user, params }) {
      const autorite = await authorityOf(db, user)
      const reponse = await readReponse(db, params.id!)
      if (reponse.structure_id === null || reponse.structure_id !== user.structureId)
        throw new NotFound('queue')
      if (etatOf(reponse) !== 'a_valider') return accuse(db, reponse)
      const [courrier, questions, lignes, avant, avantLignes] = await Promise.all([
        readCourrier(db, reponse.courrier_id),
        listQuestions(db, reponse.courrier_id),
        listLignes(db, [reponse.id]),
        reponse.precedente_id === null ? undefined : readReponse(db, reponse.precedente_id),
        reponse.precedente_id === null ? [] : listLignes(db, [reponse.precedente_id]),
      ])
      return view('validations/reponse', {
        reponse,
        courrier,
        type: LIBELLES[courrier.genre],
        etat: pastille(reponse),
        autorite,
        mienne: reponse.auteur_id === user.id,
        avant,
        questions: questions.map((q) => {
          const ligne = lignes.find((l) => l.question_id === q.id)
          const old = avantLignes.find((l) => l.question_id === q.id)
          return { ...q, ligne, change: avant && ligne ? changeOf(ligne, old) : null }
        }),
        breadcrumb: [
          { libelle: 'Validation des réponses', url: QUEUE },
          { libelle: reponse.dossier || 'Réponse' },
        ],
      })
    },
  }),
  act(`${QUEUE}/:id/acceptation`, {
    can: 'validations.decide',
    form: Acceptation,
    rerender: `${QUEUE}/:id`,
    async run({ db, user, params, form, note, today }) {
      const autorite = await authorityOf(db, user)
      const lignes = await listLignes(db, [(await readReponse(db, params.id!)).id])
      const fixes = corrections(lignes, form)
      await accept({ db, note, today }, autorite, params.id!, fixes)
      return redirect(
        QUEUE,
        fixes.length === 0
          ? 'La réponse est acceptée et transmise ; son auteur est prévenu.'
          : 'La réponse est acceptée avec votre correction et transmise ; les deux textes sont gardés.',
      )
    },
  }),
  act(`${QUEUE}/:id/rejet`, {
    can: 'validations.decide',
    form: Rejet,
    rerender: `${QUEUE}/:id`,
    async run({ db, user, params, form, note }) {
      const autorite = await authorityOf(db, user)
      await reject({ db, note }, autorite, params.id!, form.motif)
      return redirect(
        QUEUE,
        'La réponse est rejetée ; son auteur est prévenu et la retrouve en brouillon, avec le motif.',
      )
    },
  }),
]

/** Once decided it is read only; a substitute no longer sees the courrier that it answers. */
async function accuse(db: Db, reponse: Reponse): Promise<Reply> {
  const [lignes, avant] = await Promise.all([
    listLignes(db, [reponse.id]),
    reponse.precedente_id === null ? undefined : readReponse(db, reponse.precedente_id),
  ])
  return view('courriers/accuse', { reponse, lignes, avant, etat: pastille(reponse) })
}

/** What an answer says now against what the rejected one said: words taken out, words put in, files. */
function changeOf(now: LigneReponse, before: LigneReponse | undefined) {
  if (!before) return { nouvelle: true, identique: false, avant: [], apres: [], pieces: [] }
  const [avant, apres] = ecarts(before.texte.split('\n'), now.texte.split('\n'))
  const had = new Set(before.pieces.map((p) => p.fichier_id))
  const pieces = now.pieces.filter((p) => !had.has(p.fichier_id)).map((p) => p.nom)
  const lost = before.pieces
    .filter((p) => !now.pieces.some((q) => q.fichier_id === p.fichier_id))
    .map((p) => p.nom)
  const identique = before.texte === now.texte && pieces.length === 0 && lost.length === 0
  return { nouvelle: false, identique, avant, apres, pieces, retirees: lost }
}
