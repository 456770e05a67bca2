import { brokenConstraint } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { queueJob } from '../../kernel/jobs.ts'
import { MODULES, MODULES_OGA, type NomDeModule, modulesFor } from '../../kernel/modules.ts'
import { type Ctx, type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { abandon, creation, nouvelHote, reglage, retraitHote, suspension, tache } from './forms.ts'
import { NATURES } from './organisme.ts'
import {
  type OrganismeFiche, abandonnerTache, administrateurEnAttente, ajouterHote, creerOrganisme, listGarees, listOrganismes,
  readFile, readOrganisme, reglerOrganisme, relancerTache, retirerHote, suspendre,
} from './queries.ts' // prettier-ignore
import { mesurerSante } from './sante.ts'

const LISTE = '/plateforme'
const FICHE = '/plateforme/organismes/:id'
const GAREES_MONTREES = 200
const GO = 1024 ** 3
const can = 'plateforme.manage'

export const routes: readonly Route[] = [
  page(LISTE, {
    can: 'plateforme.read',
    run: async ({ db }) => view('plateforme/organismes', { organismes: await listOrganismes(db) }),
  }),
  page('/plateforme/organismes/nouveau', {
    can,
    run: () =>
      view('plateforme/nouveau', {
        modules: choixDe(modulesFor('editeur', [])),
        actifs: MODULES_OGA,
        natures: Object.entries(NATURES).map(([valeur, libelle]) => ({ valeur, libelle })),
        breadcrumb: [{ libelle: 'Organismes', url: LISTE }, { libelle: 'Nouvel organisme' }],
      }),
  }),
  act('/plateforme/organismes/nouveau', {
    can,
    form: creation,
    async run({ db, form, note }) {
      const { organisme, administrateur } = await creerOrganisme(db, form).catch(refuserDouble)
      await reglerOrganisme(db, organisme, form)
      await inviterPlusTard(db, organisme, administrateur)
      note({ action: 'plateforme.organisme-cree', ...sujet(organisme, form.code) })
      return redirect(
        `/plateforme/organismes/${organisme}`,
        'L’organisme est créé. Son administrateur reçoit par courriel de quoi ouvrir son compte.',
      )
    },
  }),
  page(FICHE, {
    can: 'plateforme.read',
    async run({ db, params }) {
      const organisme = await readOrganisme(db, params.id!)
      return view('plateforme/organisme', {
        fiche: organisme,
        nature: NATURES[organisme.nature],
        modules: choixDe(modulesFor(organisme.nature, organisme.modules)),
        quotaGo: organisme.quota_octets === null ? '' : Math.round(organisme.quota_octets / GO),
        usage: usageDe(organisme),
        breadcrumb: [{ libelle: 'Organismes', url: LISTE }, { libelle: organisme.nom }],
      })
    },
  }),
  act(`${FICHE}/reglage`, {
    can,
    form: reglage,
    rerender: FICHE,
    async run({ db, params, form, note }) {
      const organisme = await readOrganisme(db, params.id!)
      await reglerOrganisme(db, organisme.id, form)
      const { quotaGo, quotaComptes } = form
      const detail = { modules: form.modules, quotaGo, quotaComptes }
      note({ action: 'plateforme.organisme-regle', ...sujet(organisme.id, organisme.code, detail) })
      return revenir(organisme, 'Les modules et les quotas sont enregistrés.')
    },
  }),
  act(`${FICHE}/hotes`, {
    can,
    form: nouvelHote,
    rerender: FICHE,
    async run({ db, params, form, note }) {
      const organisme = await readOrganisme(db, params.id!)
      await ajouterHote(db, organisme.id, form.hote, form.principal).catch(refuserDouble)
      note({ action: 'plateforme.hote-ajoute', ...sujet(organisme.id, organisme.code, { nom: form.hote }) })
      return revenir(organisme, `L’organisme répond maintenant à l’adresse ${form.hote}.`)
    },
  }),
  act(`${FICHE}/hotes/retrait`, {
    can,
    form: retraitHote,
    rerender: FICHE,
    async run({ db, params, form, note }) {
      const organisme = await readOrganisme(db, params.id!)
      if (!(await retirerHote(db, organisme.id, form.hote)))
        throw new Refusal(
          'C’est la dernière adresse de cet organisme\u00a0: ajoutez-en une autre avant de la retirer.',
        )
      note({ action: 'plateforme.hote-retire', ...sujet(organisme.id, organisme.code, { nom: form.hote }) })
      return revenir(organisme, `L’organisme ne répond plus à l’adresse ${form.hote}.`)
    },
  }),
  page(`${FICHE}/suspension`, {
    can,
    async run({ db, params }) {
      const organisme = await readOrganisme(db, params.id!)
      return view('plateforme/suspension', {
        fiche: organisme,
        breadcrumb: [
          { libelle: 'Organismes', url: LISTE },
          { libelle: organisme.nom, url: `/plateforme/organismes/${organisme.id}` },
          { libelle: 'Suspendre' },
        ],
      })
    },
  }),
  act(`${FICHE}/suspension`, {
    can,
    form: suspension,
    async run({ db, params, form, note }) {
      const organisme = await readOrganisme(db, params.id!)
      await suspendre(db, organisme.id, form.motif)
      note({
        action: 'plateforme.organisme-suspendu',
        ...sujet(organisme.id, organisme.code, { motif: form.motif }),
      })
      return revenir(organisme, 'L’organisme est suspendu et toutes ses sessions sont fermées.')
    },
  }),
  act(`${FICHE}/retablissement`, {
    can,
    rerender: FICHE,
    async run({ db, params, note }) {
      const organisme = await readOrganisme(db, params.id!)
      await suspendre(db, organisme.id, '')
      note({ action: 'plateforme.organisme-retabli', ...sujet(organisme.id, organisme.code) })
      return revenir(organisme, 'L’organisme est de nouveau en service.')
    },
  }),
  act(`${FICHE}/invitation`, {
    can,
    rerender: FICHE,
    async run({ db, params, note }) {
      const organisme = await readOrganisme(db, params.id!)
      await inviterPlusTard(db, organisme.id, await administrateurEnAttente(db, organisme.id))
      note({ action: 'plateforme.invitation', ...sujet(organisme.id, organisme.code) })
      return revenir(organisme, 'Un nouveau lien part à l’administrateur. Le précédent ne sert plus.')
    },
  }),
  page('/plateforme/sante', {
    can: 'plateforme.read',
    async run({ db, services }) {
      const [file, mesures, organismes] = await Promise.all([
        readFile(db),
        mesurerSante(services),
        listOrganismes(db),
      ])
      const somme = (key: 'courriels_en_attente' | 'courriels_abandonnes') =>
        organismes.reduce((total, organisme) => total + organisme[key], 0)
      return view('plateforme/sante', {
        mesures,
        file,
        courriels: { attente: somme('courriels_en_attente'), abandonnes: somme('courriels_abandonnes') },
      })
    },
  }),
  page('/plateforme/taches', {
    can: 'plateforme.read',
    query: abandon,
    async run({ db, query }) {
      const taches = await listGarees(db, GAREES_MONTREES)
      const abandonnee = taches.find(({ id }) => Number(id) === query.abandonner)
      return view('plateforme/taches', { taches, abandonnee })
    },
  }),
  ...(['relance', 'abandon'] as const).map((geste) =>
    act(`/plateforme/taches/${geste}`, {
      can,
      form: tache,
      rerender: '/plateforme/taches',
      async run({ db, form, note }) {
        const id = form.tache
        const nom = geste === 'relance' ? await relancerTache(db, id) : await abandonnerTache(db, id)
        if (nom === null)
          throw new Refusal('Cette tâche n’est plus garée\u00a0: elle a été faite, relancée ou abandonnée.')
        const action = geste === 'relance' ? 'plateforme.tache-relancee' : 'plateforme.tache-abandonnee'
        note({ action, objet: 'taches', detail: { nom, tache: id } })
        return redirect(
          '/plateforme/taches',
          geste === 'relance'
            ? 'La tâche est relancée.'
            : 'La tâche est abandonnée\u00a0: elle ne sera pas faite.',
        )
      },
    }),
  ),
]

function choixDe(noms: readonly NomDeModule[]) {
  return noms.map((valeur) => ({
    valeur,
    libelle: MODULES[valeur].libelle,
    aide: 'editeur' in MODULES[valeur] ? 'Pour un éditeur seulement.' : '',
  }))
}

function revenir({ id }: OrganismeFiche, notice: string) {
  return redirect(`/plateforme/organismes/${id}`, notice)
}

function sujet(id: string, code: string, more: Record<string, unknown> = {}) {
  return { objet: 'organismes', objetId: id, detail: { organisme: code, ...more } }
}

/** The mail leaves from inside the organisme, once it exists. */
function inviterPlusTard(db: Ctx['db'], cible: string, utilisateur: string): Promise<void> {
  return queueJob(db, 'plateforme.inviter', { cible, utilisateur }, { key: `inviter:${utilisateur}` })
}

function refuserDouble(error: unknown): never {
  const constraint = brokenConstraint(error)
  if (constraint === 'organismes_code_key')
    throw new Refusal('Ce code est déjà celui d’un organisme.', 'code')
  if (constraint === 'hotes_pkey') throw new Refusal('Cette adresse est déjà celle d’un organisme.', 'hote')
  throw error
}

function usageDe({ octets, quota_octets, utilisateurs, quota_comptes }: OrganismeFiche) {
  const part = (n: number, quota: number | null) =>
    quota === null ? null : Math.min(100, Math.round((n / quota) * 100))
  return { stockage: part(octets, quota_octets), comptes: part(utilisateurs, quota_comptes) }
}
