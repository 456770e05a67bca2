import { z } from 'zod'
import { NotFound, Refusal } from '../../../kernel/errors.ts'
import { date, pluriel } from '../../../kernel/formats.ts'
import { UUID, keysetPage, keysetQuery } from '../../../kernel/keyset.ts'
import {
  type Ctx, type Reply, type Route, type SignedIn, act, page, redirect, stream, view,
} from '../../../kernel/page.ts' // prettier-ignore
import { readTravail, startTravail } from '../../../kernel/travaux/queries.ts'
import { showTravail } from '../../../kernel/travaux/shown.ts'
import { addDays } from '../../clotures/calendrier.ts'
import { selectionFields, selectionOf } from '../../selections/selection.ts'
import { showSelection } from '../../selections/shown.ts'
import { LIBELLES } from '../courrier.ts'
import { makeLettre } from '../duplicata.ts'
import { type Contenu, QUI_DEMANDENT, textsOf } from '../modeles/modele.ts'
import { listModeles, readModele } from '../modeles/queries.ts'
import { variablesOf } from '../modeles/variables.ts'
import { nameOf } from '../queries.ts'
import { exportation } from './export.ts'
import { NouvelEnvoi, valeursOf } from './forms.ts'
import {
  confirmEnvoi, deleteEnvoi, findLigne, insertEnvoi, insertLignes, listEnvoisGroupes, listMotifs, lockEnvoi, readEnvoi,
} from './queries.ts' // prettier-ignore
import { TRAVAIL, courrierOf } from './travail.ts'

const can = 'gestion.courriers.manage'
const BASE = '/gestion/courriers/envois'
const PAR_PAGE = 50
const crumbs = [
  { libelle: 'Courriers', url: '/gestion/courriers' },
  { libelle: 'Envois groupés', url: BASE },
]
const Depart = z.object({ modele: z.string().regex(UUID).optional().catch(undefined), ...selectionFields })
const Apercu = z.object({ numero: z.string().trim().max(20).catch('') })

/** A courrier written once for a selection: prepared, looked at, confirmed, then written by a long work. */
export const routes: Route[] = [
  ...exportation,
  page(BASE, {
    can,
    query: z.object(keysetQuery(UUID)),
    async run({ db, query }) {
      const rows = await listEnvoisGroupes(db, query, PAR_PAGE + 1)
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: BASE, nom: 'envois',
      }) // prettier-ignore
      return view('courriers/envois', {
        envois: lignes,
        pager,
        breadcrumb: [crumbs[0], { libelle: 'Envois groupés' }],
      })
    },
  }),
  page(`${BASE}/nouveau`, {
    can,
    query: Depart,
    async run({ db, query, today }) {
      const [modeles, forme] = await Promise.all([
        listModeles(db),
        showSelection(db, selectionOf(query), today),
      ])
      const modele = modeles.find((m) => m.id === query.modele)
      return view('courriers/envoi-nouveau', {
        modeles: modeles.map((m) => ({ valeur: m.id, libelle: m.nom })),
        modele,
        valeurs: modele ? variablesOf(textsOf(modele)).filter((name) => name.startsWith('valeur')) : [],
        avant: addDays(today, modele?.delai_jours ?? 30),
        forme,
        breadcrumb: [...crumbs, { libelle: 'Nouvel envoi' }],
      })
    },
  }),
  act(`${BASE}/nouveau`, { can, form: NouvelEnvoi, large: true, run: prepare }),
  page(`${BASE}/:id`, {
    can,
    async run({ db, params, now }) {
      const [envoi, motifs] = await Promise.all([readEnvoi(db, params.id!), listMotifs(db, params.id!)])
      const travail = envoi.travail_id === null ? null : await readTravail(db, envoi.travail_id)
      return view('courriers/envoi-groupe', {
        envoi,
        type: LIBELLES[envoi.genre],
        motifs,
        travail: travail && showTravail(travail, now),
        breadcrumb: [...crumbs, { libelle: envoi.modele_nom }],
      })
    },
  }),
  page(`${BASE}/:id/apercu`, {
    can,
    query: Apercu,
    async run({ db, params, query, organisme, today }) {
      const envoi = await readEnvoi(db, params.id!)
      const ligne = await findLigne(db, envoi.id, query.numero)
      if (!ligne) throw new NotFound('no such line')
      const { courrier } = courrierOf(envoi, ligne, organisme)
      const bytes = await makeLettre(
        { ...courrier, numero: null, publie_le: null, a_repondre_avant: courrier.aRepondreAvant },
        { numero: ligne.numero, nom: ligne.nom, adresse: ligne.adresse, cabinet: ligne.cabinet },
        organisme,
        today,
      )
      return stream(bytes, 'application/pdf', `Aperçu ${ligne.numero}.pdf`, true)
    },
  }),
  act(`${BASE}/:id/confirmation`, { can, rerender: `${BASE}/:id`, run: confirm }),
  act(`${BASE}/:id/abandon`, {
    can,
    rerender: `${BASE}/:id`,
    async run({ db, params, note }) {
      const envoi = await lockEnvoi(db, params.id!)
      if (envoi.confirme_le !== null)
        throw new Refusal('Cet envoi est confirmé : il ne peut plus être abandonné.')
      await deleteEnvoi(db, envoi.id)
      note({ action: 'envoi.abandonne', objet: 'envoi', detail: { modele: envoi.modele_nom } })
      return redirect(BASE, 'L’envoi est abandonné : rien n’est parti.')
    },
  }),
]

async function prepare(ctx: Ctx<z.output<typeof NouvelEnvoi>> & SignedIn): Promise<Reply> {
  const { db, user, form, today, note } = ctx
  const modele = await readModele(db, form.modele)
  if (modele.retire_le !== null) throw new Refusal('Ce modèle est retiré.', 'modele')
  checkDate(modele, form.aRepondreAvant, today)
  const valeurs = valeursOf(form.valeurs)
  const selection = selectionOf(form)
  const exercice = selection.exercice === '' ? null : Number(selection.exercice)
  const forme = await showSelection(db, selection, today)
  const { nom, genre, objet, corps, questions, version } = modele
  const id = await insertEnvoi(db, {
    modele_id: modele.id,
    modele_version: version,
    genre,
    destinataire: form.destinataire,
    objet,
    corps,
    questions,
    a_repondre_avant: form.aRepondreAvant || null,
    exercice,
    selection:
      valeurs.length > 0 ? `Liste de ${pluriel(valeurs.length, 'dossier', 'dossiers')}` : forme.phrase,
    cree_nom: nameOf(user),
  })
  const variables = variablesOf(textsOf(modele))
  await insertLignes(
    db,
    { id, modeleId: modele.id, exercice, variables, encore: form.encore },
    selection,
    valeurs,
    today,
  )
  const { prets, ecartes } = await readEnvoi(db, id)
  if (prets + ecartes === 0) throw new Refusal('Personne ne correspond à cette sélection.')
  note({ action: 'envoi.prepare', objet: 'envoi', objetId: id, detail: { modele: nom, prets, ecartes } })
  return redirect(`${BASE}/${id}`)
}

/** @throws Refusal */
function checkDate(modele: Pick<Contenu, 'genre'>, day: string, today: string): void {
  const asks = QUI_DEMANDENT.has(modele.genre)
  if (asks && day === '') throw new Refusal('Indiquez la date limite de réponse.', 'aRepondreAvant')
  if (!asks && day !== '')
    throw new Refusal('Ce modèle n’appelle pas de réponse : retirez la date.', 'aRepondreAvant')
  if (day !== '' && day < today)
    throw new Refusal(`Cette date est passée : nous sommes le ${date(today)}.`, 'aRepondreAvant')
}

async function confirm({ db, user, params, today, note }: Ctx & SignedIn): Promise<Reply> {
  const envoi = await lockEnvoi(db, params.id!)
  if (envoi.confirme_le !== null) throw new Refusal('Cet envoi est déjà confirmé : il ne part qu’une fois.')
  checkDate(envoi, envoi.a_repondre_avant ?? '', today)
  const { prets } = await readEnvoi(db, envoi.id)
  if (prets === 0) throw new Refusal('Il n’y a personne à qui écrire : toute la sélection est écartée.')
  const travailId = await startTravail(db, {
    genre: TRAVAIL,
    titre: `${envoi.modele_nom} : ${pluriel(prets, 'courrier', 'courriers')}`,
    lien: `${BASE}/${envoi.id}`,
    donnees: { envoiId: envoi.id },
    total: prets,
  })
  await confirmEnvoi(db, envoi.id, user.id, travailId)
  note({ action: 'envoi.confirme', objet: 'envoi', detail: { modele: envoi.modele_nom, courriers: prets } })
  return redirect(
    `${BASE}/${envoi.id}`,
    `${pluriel(prets, 'courrier part', 'courriers partent')} maintenant.`,
  )
}
