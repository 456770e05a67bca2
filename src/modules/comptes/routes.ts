import { z } from 'zod'
import { inviteByMail, revokeActivation } from '../../kernel/auth/activation.ts'
import { endSessions } from '../../kernel/auth/sessions.ts'
import { Refusal } from '../../kernel/errors.ts'
import { courriel, paragraphe, plusieurs, uuid } from '../../kernel/forms.ts'
import { keysetPage } from '../../kernel/keyset.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { inviteAgain, reopen, sendPasswordLink, shut, tellOwner } from './acts.ts'
import { CHOIX, isFiltered, question, requeteDe } from './liste.ts'
import {
  PLAFOND_COMPTE,
  countComptes,
  listComptes,
  listEvenements,
  lockCompte,
  readCompte,
  setCourriel,
} from './queries.ts'
import { countRetraits, openRetrait } from './retraits-queries.ts'
import { LISTE, event, line, pathOf, sujet, trail } from './shown.ts'
import { listVues } from '../voir-comme/queries.ts'

const PAR_PAGE = 50
const EVENEMENTS = 20
const FICHE = `${LISTE}/:id`
const can = 'gestion.comptes.manage'

export const routes: Route[] = [
  page(LISTE, {
    can,
    query: question,
    async run({ db, query, today }) {
      const [rows, total, retraits] = await Promise.all([
        listComptes(db, query, PAR_PAGE + 1),
        countComptes(db, query),
        countRetraits(db),
      ])
      const requete = requeteDe(query)
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: LISTE, query: requete, total,
        plafond: PLAFOND_COMPTE, nom: 'comptes',
      }) // prettier-ignore
      return view('comptes/liste', {
        comptes: lignes.map((row) => line(row, today)),
        requete,
        pager,
        filtree: isFiltered(query),
        choix: CHOIX,
        retraits,
      })
    },
  }),
  act(`${LISTE}/relance`, {
    can,
    form: z.strictObject({ compte: plusieurs(uuid, PAR_PAGE) }),
    rerender: LISTE,
    async run({ db, form, note }) {
      if (form.compte.length === 0) throw new Refusal('Cochez au moins un compte.')
      let sent = 0
      for (const id of [...new Set(form.compte)].sort()) {
        const compte = await lockCompte(db, id)
        const refused = await inviteAgain(db, compte).then(() => false, isRefusal)
        if (refused) continue
        note({ action: 'compte.invite', ...sujet(compte) })
        sent++
      }
      if (sent === 0) throw new Refusal('Aucun de ces comptes n’attend un lien d’activation.')
      const left = form.compte.length - sent
      return redirect(
        `${LISTE}?etat=invite`,
        `${sent === 1 ? 'Un lien d’activation part' : `${sent} liens d’activation partent`}.` +
          (left > 0 ? ` ${left} compte(s) ne pouvaient pas en recevoir.` : ''),
      )
    },
  }),
  page(FICHE, {
    can,
    async run({ db, params, today }) {
      const id = params.id!
      const [compte, evenements, retrait, vues] = await Promise.all([
        readCompte(db, id),
        listEvenements(db, id, EVENEMENTS),
        openRetrait(db, id),
        listVues(db, id, 5),
      ])
      return view('comptes/fiche', {
        compte: line(compte, today),
        fiche: compte,
        evenements: evenements.map(event),
        retrait,
        vues,
        breadcrumb: trail(compte),
      })
    },
  }),
  act(`${FICHE}/invitation`, {
    can,
    rerender: FICHE,
    async run({ db, params, note }) {
      const compte = await lockCompte(db, params.id!)
      await inviteAgain(db, compte)
      note({ action: 'compte.invite', ...sujet(compte) })
      return redirect(
        pathOf(compte.id),
        `Un nouveau lien d’activation part à ${compte.courriel}. L’ancien ne sert plus.`,
      )
    },
  }),
  act(`${FICHE}/mot-de-passe`, {
    can,
    rerender: FICHE,
    async run({ db, params, note }) {
      const compte = await lockCompte(db, params.id!)
      await sendPasswordLink(db, compte)
      note({ action: 'compte.reinitialise', ...sujet(compte) })
      return redirect(
        pathOf(compte.id),
        `Un lien pour choisir un nouveau mot de passe part à ${compte.courriel}\u00a0; il est valable 30 minutes.`,
      )
    },
  }),
  act(`${FICHE}/courriel`, {
    can,
    form: z.strictObject({ courriel }),
    rerender: FICHE,
    async run({ db, params, form, note }) {
      const compte = await lockCompte(db, params.id!)
      if (compte.active_le !== null)
        throw new Refusal(
          'Le compte est activé\u00a0: son titulaire change lui-même son adresse, dans son profil.',
          'courriel',
        )
      await setCourriel(db, compte.id, form.courriel)
      // A link made for the old address opens nothing any more.
      await revokeActivation(db, compte.id)
      if (compte.bloque_le === null) await inviteByMail(db, compte.id)
      note({ action: 'compte.adresse', ...sujet(compte) })
      return redirect(pathOf(compte.id), `L’adresse est corrigée. Un lien d’activation y part.`)
    },
  }),
  page(`${FICHE}/blocage`, {
    can,
    async run({ db, params, today }) {
      const compte = await readCompte(db, params.id!)
      return view('comptes/blocage', {
        compte: line(compte, today),
        retour: pathOf(compte.id),
        breadcrumb: trail(compte, 'Bloquer le compte'),
      })
    },
  }),
  act(`${FICHE}/blocage`, {
    can,
    form: z.strictObject({ motif: paragraphe('la raison', 500) }),
    async run({ db, params, form, request, note }) {
      const compte = await lockCompte(db, params.id!)
      await shut(db, compte, request.id)
      note({ action: 'compte.bloque', ...sujet(compte), detail: { motif: form.motif } })
      return redirect(pathOf(compte.id), 'Le compte est bloqué et ses sessions sont fermées.')
    },
  }),
  act(`${FICHE}/deblocage`, {
    can,
    rerender: FICHE,
    async run({ db, params, request, note }) {
      const compte = await lockCompte(db, params.id!)
      await reopen(db, compte, request.id)
      note({ action: 'compte.debloque', ...sujet(compte) })
      return redirect(pathOf(compte.id), 'Le compte est débloqué\u00a0: son titulaire peut se connecter.')
    },
  }),
  act(`${FICHE}/sessions`, {
    can,
    rerender: FICHE,
    async run({ db, params, request, note }) {
      const compte = await lockCompte(db, params.id!)
      await endSessions(db, compte.id)
      await tellOwner(db, compte.id, 'sessions', request.id)
      note({ action: 'sessions.fin', ...sujet(compte) })
      return redirect(pathOf(compte.id), 'Ses sessions sont fermées.')
    },
  }),
]

/** True for a refusal, which leaves the others of the selection alone; anything else fails the act. */
function isRefusal(error: unknown): true {
  if (error instanceof Refusal) return true
  throw error
}
