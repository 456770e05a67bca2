import { inviteByMail, revokeActivation } from '../../kernel/auth/activation.ts'
import { endSessions } from '../../kernel/auth/sessions.ts'
import { Refusal } from '../../kernel/errors.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { COMPTES, etatCompte, isGone, mayManage, mustStay } from './collaborateur.ts'
import { FORMATS, exportTable, inBatches } from '../../kernel/tableur/export.ts'
import { colonnes } from './export.ts'
import { Fiche, Nouveau } from './forms.ts'
import {
  comptesOuverts,
  endSuppleancesOf,
  insertCollaborateur,
  listCollaborateurs,
  lockCollaborateur,
  readCollaborateur,
  updateCollaborateur,
} from './queries.ts'
import { lieu, nomDe, sujet } from './shown.ts'

const LISTE = '/collaborateurs'
const can = 'collaborateurs.manage'

/** Gestion des collaborateurs (F75 to F77): the list, the fiche, a new one, a change. */
export const routes: Route[] = [
  page(LISTE, {
    can,
    async run({ db, today }) {
      const [people, ouverts] = await Promise.all([listCollaborateurs(db), comptesOuverts(db)])
      return view('collaborateurs/liste', {
        collaborateurs: people.map((c) => ({
          ...c,
          nomComplet: nomDe(c),
          parti: isGone(c, today),
          etat: COMPTES[etatCompte(c, ouverts, today)],
        })),
        ouverts,
      })
    },
  }),
  page(`${LISTE}.:format`, {
    can,
    stepUp: true,
    words: FORMATS,
    journal: true,
    async run(ctx) {
      const [people, ouverts] = await Promise.all([listCollaborateurs(ctx.db), comptesOuverts(ctx.db)])
      return exportTable(ctx, {
        name: 'collaborateurs',
        title: 'Collaborateurs',
        columns: colonnes(ouverts, ctx.today),
        batches: inBatches(
          (last: (typeof people)[number] | undefined) => Promise.resolve(last ? [] : people),
          people.length + 1,
        ),
        note: { action: 'collaborateurs.exportes', objet: 'collaborateurs' },
      })
    },
  }),
  page(`${LISTE}/nouveau`, {
    can,
    async run({ db, can: may }) {
      return view('collaborateurs/nouveau', {
        ouverts: await comptesOuverts(db),
        nommer: may('supervision.comptes'),
        breadcrumb: [
          { libelle: 'Gestion des collaborateurs', url: LISTE },
          { libelle: 'Créer un collaborateur' },
        ],
      })
    },
  }),
  act(`${LISTE}/nouveau`, {
    can,
    form: Nouveau,
    async run({ db, form, can: may, note }) {
      if (form.role === 'superviseur' && !may('supervision.comptes'))
        throw new Refusal('Seul le compte du cabinet nomme un superviseur.', 'role')
      const { id, login } = await insertCollaborateur(db, form)
      const ouverts = await comptesOuverts(db)
      if (ouverts) await inviteByMail(db, id)
      note({
        action: 'collaborateur.cree',
        ...sujet(id),
        detail: { login, role: form.role, invite: ouverts },
      })
      const next = ouverts
        ? `Un courriel part à ${form.courriel} avec le lien d’activation, valable trois jours.`
        : 'Aucun courriel ne part : les comptes de vos collaborateurs ne sont pas activés.'
      return redirect(`${LISTE}/${id}`, `${nomDe(form)} est créé avec le code ${login}. ${next}`)
    },
  }),
  page(`${LISTE}/:id`, {
    can,
    async run({ db, user, params, today }) {
      const [c, ouverts] = await Promise.all([readCollaborateur(db, params.id!), comptesOuverts(db)])
      const etat = etatCompte(c, ouverts, today)
      return view('collaborateurs/fiche', {
        collaborateur: c,
        nomComplet: nomDe(c),
        parti: isGone(c, today),
        compte: { cle: etat, ...COMPTES[etat] },
        gere: mayManage(user, c),
        soi: c.id === user.id,
        breadcrumb: lieu(c),
      })
    },
  }),
  page(`${LISTE}/:id/modification`, {
    can,
    async run({ db, user, params, can: may }) {
      const c = await readCollaborateur(db, params.id!)
      return view('collaborateurs/modification', {
        collaborateur: c,
        nomComplet: nomDe(c),
        gere: mayManage(user, c) && c.parti_le === null,
        nommer: may('supervision.comptes'),
        breadcrumb: lieu(c, 'Modifier'),
      })
    },
  }),
  act(`${LISTE}/:id/modification`, {
    can,
    form: Fiche,
    async run({ db, user, params, form, can: may, note }) {
      const before = await lockCollaborateur(db, user, params.id!)
      mustStay(before)
      if (form.role !== before.role && !may('supervision.comptes'))
        throw new Refusal('Seul le compte du cabinet nomme un superviseur.', 'role')
      const courriel = form.courriel ?? before.courriel
      if (courriel !== before.courriel && before.active_le !== null)
        throw new Refusal(
          'Le compte est activé : son titulaire change lui-même son adresse, dans son profil.',
          'courriel',
        )
      await updateCollaborateur(db, before.id, { ...form, courriel })
      const invited = before.active_le === null && before.bloque_le === null && (await comptesOuverts(db))
      const roleChanged = form.role !== before.role
      // A link made for the old address or the old role opens nothing any more.
      if (roleChanged || courriel !== before.courriel) {
        await revokeActivation(db, before.id)
        if (invited) await inviteByMail(db, before.id)
      }
      if (roleChanged) await Promise.all([endSessions(db, before.id), endSuppleancesOf(db, before.id)])
      const detail = { role: form.role, courriel_change: courriel !== before.courriel }
      note({ action: 'collaborateur.modifie', ...sujet(before.id), detail })
      return redirect(
        `${LISTE}/${before.id}`,
        roleChanged && before.active_le !== null
          ? 'La fiche est modifiée. Le rôle a changé : ses sessions sont fermées.'
          : 'La fiche est modifiée.',
      )
    },
  }),
]
