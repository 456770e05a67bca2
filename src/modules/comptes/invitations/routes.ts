import { z } from 'zod'
import { inviteByMail } from '../../../kernel/auth/activation.ts'
import { Refusal } from '../../../kernel/errors.ts'
import { plusieurs, uuid } from '../../../kernel/forms.ts'
import { UUID, keysetPage, keysetQuery } from '../../../kernel/keyset.ts'
import { type Route, act, page, redirect, view } from '../../../kernel/page.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../../kernel/tableur/export.ts'
import { LISTE, sujet } from '../shown.ts'
import { RAISONS_DITES, bilanOf } from './bilan.ts'
import { type SansCompte, countSansCompte, createUnlessThere, listSansCompte, readPlaces } from './queries.ts'
import { ENVOIS, runningInvitations, startInvitations } from './travail.ts'

export const PAGE = `${LISTE}/invitations`
const TOUTES = `${PAGE}/toutes`
const PAR_PAGE = 50
const can = 'gestion.comptes.manage'
const asked = z.object(keysetQuery(UUID))
const ici = [
  { libelle: 'Comptes', url: LISTE },
  { libelle: 'Inviter en nombre', url: PAGE },
]

const COLONNES: Column<SansCompte>[] = [
  { titre: 'N°', valeur: (row) => row.numero },
  { titre: 'Nom', largeur: 40, valeur: (row) => row.denomination },
  { titre: 'Adresse électronique', largeur: 40, valeur: (row) => row.courriel },
]

/** Accounts for those who have none: those that are ticked, or all of them. */
export const invitations: Route[] = [
  page(PAGE, {
    can,
    query: asked,
    async run({ db, query }) {
      const [rows, { joignables }, travail] = await Promise.all([
        listSansCompte(db, query, PAR_PAGE + 1),
        countSansCompte(db),
        runningInvitations(db),
      ])
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: PAGE, total: joignables,
        nom: 'adhérents sans compte',
      }) // prettier-ignore
      return view('comptes/invitations', {
        adherents: lignes,
        pager,
        total: joignables,
        enCours: travail && `${ENVOIS}/${travail.id}`,
        breadcrumb: [ici[0]!, { libelle: 'Inviter en nombre' }],
      })
    },
  }),
  page(`${PAGE}.:format`, {
    can,
    stepUp: true,
    words: FORMATS,
    journal: true,
    run: (ctx) =>
      exportTable(ctx, {
        name: 'adherents-sans-compte',
        title: 'Sans compte',
        columns: COLONNES,
        batches: inBatches((last: SansCompte | undefined, size) =>
          listSansCompte(ctx.db, { apres: last?.id }, size),
        ),
        note: { action: 'comptes.exportes', objet: 'compte', detail: { liste: 'sans compte' } },
      }),
  }),
  act(PAGE, {
    can,
    form: z.strictObject({ adherent: plusieurs(uuid, PAR_PAGE) }),
    async run({ db, form, note }) {
      if (form.adherent.length === 0) throw new Refusal('Cochez au moins un adhérent.')
      let sent = 0
      for (const id of [...new Set(form.adherent)].sort()) {
        const compte = await createUnlessThere(db, id)
        if (compte === null) continue
        await inviteByMail(db, compte)
        note({ action: 'compte.cree', ...sujet({ id: compte, adherent_id: id }) })
        sent++
      }
      const left = form.adherent.length - sent
      return redirect(
        PAGE,
        (sent === 1 ? 'L’invitation part.' : `${sent} invitations partent.`) +
          (left > 0 ? ` ${left} personne(s) avaient déjà un compte, ou plus d’adresse.` : ''),
      )
    },
  }),
  page(TOUTES, {
    can,
    async run({ db }) {
      const [compte, places, travail] = await Promise.all([
        countSansCompte(db),
        readPlaces(db),
        runningInvitations(db),
      ])
      const bilan = bilanOf(compte, places)
      return view('comptes/invitations-toutes', {
        bilan: { ...bilan, ecartes: bilan.ecartes.map((one) => ({ ...one, ...RAISONS_DITES[one.raison] })) },
        enCours: travail && `${ENVOIS}/${travail.id}`,
        breadcrumb: [...ici, { libelle: 'Tous' }],
      })
    },
  }),
  act(TOUTES, {
    can,
    async run({ db, note }) {
      const bilan = bilanOf(await countSansCompte(db), await readPlaces(db))
      const id = await startInvitations(db, bilan)
      note({
        action: 'comptes.invitation-en-nombre',
        objet: 'travail',
        objetId: id,
        detail: { invites: bilan.invites, joignables: bilan.joignables },
      })
      return redirect(
        `${ENVOIS}/${id}`,
        'Les invitations partent. Vous pouvez quitter cette page et y revenir.',
      )
    },
  }),
]
