import { z } from 'zod'
import { brokenConstraint } from '../../../kernel/db.ts'
import { Refusal } from '../../../kernel/errors.ts'
import { pluriel } from '../../../kernel/formats.ts'
import { keysetPage } from '../../../kernel/keyset.ts'
import { type Route, act, file, page, redirect, view } from '../../../kernel/page.ts'
import { countClients, listClients, readClient } from '../queries.ts'
import { MAX_LIGNES, readPaste, sortPaste } from './collage.ts'
import { sendAll } from './envoi.ts'
import { arrivee, collage, depart, departDe, liste } from './forms.ts'
import { DEJA_EN_ATTENTE, RAISONS, judge, refuseUnlessAddable } from './mouvement.ts'
import {
  connus, countPending, deleteArrivees, deleteMouvement, findClient, insertArrivee, insertArrivees, insertDepart,
  listMouvements, listPending, listSent, lockMouvement, readListe, readMouvement, readRecepisse, updateArrivee,
  updateDepart,
} from './queries.ts' // prettier-ignore
import { etatDe, ligne } from './shown.ts'

const BASE = '/clients/mises-a-jour'
const PAR_PAGE = 100
/** Lines of a pending zone that the page shows; the count is always whole. */
const MONTRES = 200
/** Faults of a paste that are told at once. */
const MAX_FAUTES = 50
const RAISONS_CHOIX = Object.entries(RAISONS).map(([valeur, libelle]) => ({ valeur, libelle }))

const trail = (libelle: string) => [
  { libelle: 'Page d’accueil', url: '/' },
  { libelle: 'Liste des clients', url: BASE },
  { libelle },
]

/** Liste des clients: what the firm tells its organisme of who comes and who goes (F52 to F56). */
export const misesAJour: Route[] = [
  page(BASE, {
    can: 'clients.update',
    query: liste,
    async run({ db, query }) {
      const tous = { numero: '', nom: '', etat: '' as const, tri: 'nom' as const, ...query }
      const [rows, total, arrivees, departs, attente, envoyees] = await Promise.all([
        listClients(db, tous, PAR_PAGE + 1),
        countClients(db, tous),
        listPending(db, 'arrivee', MONTRES),
        listPending(db, 'depart', MONTRES),
        countPending(db),
        listSent(db, 10),
      ])
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: BASE, total, nom: 'clients actifs',
      }) // prettier-ignore
      return view('clients/mises-a-jour', {
        clients: lignes,
        pager,
        arrivees: arrivees.map(ligne),
        departs: departs.map(ligne),
        attente,
        envoyees: envoyees.map((l) => ({ ...l, etat: etatDe(l) })),
      })
    },
  }),
  page(`${BASE}/arrivee`, {
    can: 'clients.update',
    run: ({ today }) =>
      view('clients/arrivee', {
        action: `${BASE}/arrivee`,
        champs: { le: today },
        breadcrumb: trail('Ajouter un client'),
      }),
  }),
  act(`${BASE}/arrivee`, {
    can: 'clients.update',
    form: arrivee,
    async run({ db, form, note }) {
      const verdict = judge(form, await connus(db, [form.siret], [form.numero]))
      refuseUnlessAddable(form, verdict, form.confirme)
      const known = verdict.genre === 'nouveau' || verdict.genre === 'ailleurs' ? verdict.connu : null
      const id = await once(() =>
        insertArrivee(db, {
          ...form,
          adherentId: known?.adherent_id ?? null,
          ailleurs: verdict.genre === 'ailleurs',
        }),
      )
      note({ action: 'clients.arrivee', objet: 'mouvement', objetId: id })
      return redirect(
        BASE,
        `${form.nom} attend dans «\u00a0Nouveaux clients\u00a0». N’oubliez pas d’envoyer les mises à jour.`,
      )
    },
  }),
  page(`${BASE}/arrivee/:id`, {
    can: 'clients.update',
    async run({ db, params }) {
      const m = await readMouvement(db, params.id!, 'arrivee')
      return view('clients/arrivee', {
        action: `${BASE}/arrivee/${m.id}`,
        champs: { ...m, confirme: m.venant_d_ailleurs },
        modifie: true,
        ailleurs: m.venant_d_ailleurs,
        breadcrumb: trail('Modifier un nouveau client'),
      })
    },
  }),
  act(`${BASE}/arrivee/:id`, {
    can: 'clients.update',
    form: arrivee,
    async run({ db, params, form, note }) {
      const m = await lockMouvement(db, params.id!, 'arrivee')
      const verdict = judge(form, await connus(db, [form.siret], [form.numero]))
      refuseUnlessAddable(form, verdict, form.confirme)
      const known = verdict.genre === 'nouveau' || verdict.genre === 'ailleurs' ? verdict.connu : null
      const ailleurs = verdict.genre === 'ailleurs'
      await once(() => updateArrivee(db, m.id, { ...form, adherentId: known?.adherent_id ?? null, ailleurs }))
      note({ action: 'clients.arrivee_modifiee', objet: 'mouvement', objetId: m.id })
      return redirect(BASE, 'Le nouveau client est modifié.')
    },
  }),
  page(`${BASE}/depart`, {
    can: 'clients.update',
    query: departDe,
    async run({ db, query, today }) {
      const client = query?.client === undefined ? undefined : await readClient(db, query.client)
      return view('clients/depart', {
        action: `${BASE}/depart`,
        champs: { numero: client?.numero, le: today },
        client,
        raisons: RAISONS_CHOIX,
        breadcrumb: trail('Enlever un client'),
      })
    },
  }),
  act(`${BASE}/depart`, {
    can: 'clients.update',
    form: depart,
    async run({ db, form, note }) {
      const client = await findClient(db, form.numero)
      if (!client) {
        throw new Refusal(`Aucun client de votre liste ne porte le n°\u00a0${form.numero}.`, 'numero')
      }
      const id = await once(() => insertDepart(db, client, form))
      note({ action: 'clients.depart', objet: 'mouvement', objetId: id, adherentId: client.id })
      return redirect(
        BASE,
        `${client.denomination} attend dans «\u00a0Départs clients\u00a0». N’oubliez pas d’envoyer les mises à jour.`,
      )
    },
  }),
  page(`${BASE}/depart/:id`, {
    can: 'clients.update',
    async run({ db, params }) {
      const m = await readMouvement(db, params.id!, 'depart')
      return view('clients/depart', {
        action: `${BASE}/depart/${m.id}`,
        champs: m,
        client: { denomination: m.nom, numero: m.numero },
        modifie: true,
        raisons: RAISONS_CHOIX,
        breadcrumb: trail('Modifier un départ'),
      })
    },
  }),
  act(`${BASE}/depart/:id`, {
    can: 'clients.update',
    form: depart,
    async run({ db, params, form, note }) {
      const m = await lockMouvement(db, params.id!, 'depart')
      if (form.numero !== m.numero)
        throw new Refusal('Le client d’un départ ne change pas\u00a0: retirez-le.', 'numero')
      await updateDepart(db, m.id, form)
      note({ action: 'clients.depart_modifie', objet: 'mouvement', objetId: m.id, adherentId: m.adherent_id })
      return redirect(BASE, 'Le départ est modifié.')
    },
  }),
  act(`${BASE}/lignes/:id/retrait`, {
    can: 'clients.update',
    rerender: BASE,
    async run({ db, params, note }) {
      const m = await lockMouvement(db, params.id!)
      await deleteMouvement(db, m.id)
      note({ action: 'clients.retire', objet: 'mouvement', objetId: m.id, detail: { genre: m.genre } })
      return redirect(BASE, `${m.nom} est retiré des mises à jour\u00a0: rien n’a été envoyé.`)
    },
  }),
  act(`${BASE}/arrivees/retrait`, {
    can: 'clients.update',
    rerender: BASE,
    async run({ db, note }) {
      const n = await deleteArrivees(db)
      note({ action: 'clients.retires', objet: 'mouvement', detail: { lignes: n } })
      return redirect(
        BASE,
        `La zone «\u00a0Nouveaux clients\u00a0» est vide\u00a0: ${pluriel(n, 'ligne retirée', 'lignes retirées')}.`,
      )
    },
  }),
  page(`${BASE}/collage`, {
    can: 'clients.update',
    run: () => view('clients/collage', { maxLignes: MAX_LIGNES, breadcrumb: trail('Coller une liste') }),
  }),
  act(`${BASE}/collage`, {
    can: 'clients.update',
    form: collage,
    large: true,
    async run({ db, form, today, note }) {
      const read = readPaste(form.lignes)
      if (read.lignes.length + read.fautes.length > MAX_LIGNES) {
        throw new Refusal(`Collez ${MAX_LIGNES} lignes au plus à la fois.`, 'lignes')
      }
      const sorted = sortPaste(
        read.lignes,
        await connus(db, read.lignes.map((l) => l.siret), read.lignes.map((l) => l.numero)), // prettier-ignore
      )
      refuseFaults([...read.fautes, ...sorted.fautes])
      const added = sorted.nouvelles.length === 0 ? 0 : await insertArrivees(db, today, sorted.nouvelles)
      const there = read.lignes.length + read.doubles - added
      note({ action: 'clients.colles', objet: 'mouvement', detail: { ajoutes: added, deja: there } })
      return redirect(BASE, pasted(added, there))
    },
  }),
  page(`${BASE}/envoi`, {
    can: 'clients.update',
    async run({ db }) {
      const [arrivees, departs, attente] = await Promise.all([
        listPending(db, 'arrivee', MONTRES),
        listPending(db, 'depart', MONTRES),
        countPending(db),
      ])
      return view('clients/envoi', {
        arrivees: arrivees.map(ligne),
        departs: departs.map(ligne),
        attente,
        breadcrumb: trail('Envoyer les mises à jour'),
      })
    },
  }),
  act(`${BASE}/envoi`, {
    can: 'clients.update',
    rerender: BASE,
    async run(ctx) {
      const { id, recepisse, total } = await sendAll(ctx)
      ctx.note({
        action: 'clients.envoyes',
        objet: 'liste',
        objetId: id,
        detail: { recepisse, lignes: total },
      })
      return redirect(
        `${BASE}/envois/${id}`,
        `Vos mises à jour sont envoyées. Récépissé n°\u00a0${recepisse}.`,
      )
    },
  }),
  page(`${BASE}/envois/:id`, {
    can: 'clients.update',
    async run({ db, params }) {
      const sent = await readListe(db, params.id!)
      const mouvements = await listMouvements(db, sent.id, 1000)
      return view('clients/recepisse', {
        liste: sent,
        etat: etatDe(sent),
        mouvements: mouvements.map(ligne),
        breadcrumb: trail(sent.recepisse),
      })
    },
  }),
  page(`${BASE}/envois/:id/recepisse`, {
    can: 'clients.update',
    journal: true,
    async run({ db, params, note }) {
      const row = await readRecepisse(db, params.id!)
      note({ action: 'clients.recepisse', objet: 'liste', objetId: params.id! })
      return file(row, { inline: true })
    },
  }),
]

/** Two people who add the same client at the same instant: the second is told so. */
async function once<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const broken = brokenConstraint(error)
    if (broken === 'mouvements_une_arrivee') throw new Refusal(DEJA_EN_ATTENTE, 'siret')
    if (broken === 'mouvements_un_depart') throw new Refusal(DEJA_EN_ATTENTE, 'numero')
    throw error
  }
}

/** Nothing of a paste is kept while a line is wrong: each fault is told with its line. */
function refuseFaults(fautes: readonly { ligne: number; phrase: string }[]): void {
  if (fautes.length === 0) return
  const sorted = [...fautes].sort((a, b) => a.ligne - b.ligne)
  const issues = sorted.slice(0, MAX_FAUTES).map(({ ligne: n, phrase }) => ({
    code: 'custom' as const,
    path: ['lignes', String(n)],
    message: `Ligne ${n}\u00a0: ${phrase.charAt(0).toLowerCase()}${phrase.slice(1)}`,
    input: undefined,
  }))
  if (sorted.length > MAX_FAUTES) {
    const message = `Et ${sorted.length - MAX_FAUTES} autres lignes à corriger.`
    issues.push({ code: 'custom', path: ['lignes', 'autres'], message, input: undefined })
  }
  throw new z.ZodError(issues)
}

function pasted(added: number, there: number): string {
  const deja = `${pluriel(there, 'client était', 'clients étaient')} déjà dans votre liste ou en attente`
  if (added === 0) return `Rien de nouveau dans ce collage\u00a0: ${deja}.`
  const sentence = `${pluriel(added, 'client ajouté', 'clients ajoutés')} à «\u00a0Nouveaux clients\u00a0»`
  return there === 0 ? `${sentence}.` : `${sentence}\u00a0; ${deja}.`
}
