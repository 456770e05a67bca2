import { z } from 'zod'
import { plusieurs } from '../../kernel/forms.ts'
import { type Route, act, page, view } from '../../kernel/page.ts'
import { note, regler, saved } from './queries.ts'
import { can, pathOf, trail } from './sections.ts'

/** What can be switched off, and what goes with it. Nothing is erased: switched on again, all is there. */
export const MODULES = {
  adherents: { libelle: 'Adhérents', sans: 'Plus de liste des adhérents, de coordonnées, de clients ni de collaborateurs.' },
  clotures: { libelle: 'Clôtures et documents', sans: 'Plus d’avancement des travaux, de documents ni de suivi.' },
  courriers: { libelle: 'Courriers', sans: 'Plus de courriers, de réponses, de validations ni de relances.' },
  messages: { libelle: 'Messages', sans: 'Plus de «\u00a0Nous contacter\u00a0» ni de réponses dans le portail.' },
  transferts: { libelle: 'Transferts', sans: 'Plus d’envoi de fichiers vers l’organisme.' },
  formations: { libelle: 'Formations', sans: 'Plus de calendrier ni d’inscriptions.' },
  actualites: { libelle: 'Actualités', sans: 'Plus d’actualités sur les accueils ni de flux.' },
  statistiques: { libelle: 'Statistiques', sans: 'Plus de pages de statistiques.' },
  espaces: { libelle: 'Espaces documents', sans: 'Plus de documentation partagée.' },
  demandes: { libelle: 'Demandes d’intervention', sans: 'Plus de demandes au support.' },
  telechargements: { libelle: 'Téléchargements', sans: 'Plus de mises à jour à télécharger.' },
} as const // prettier-ignore

const names = Object.keys(MODULES) as [keyof typeof MODULES, ...(keyof typeof MODULES)[]]

export const modulesRoutes: Route[] = [
  page(pathOf('modules'), {
    can,
    run: ({ organisme }) =>
      view('reglages/modules', {
        choix: names.map((name) => ({
          valeur: name,
          libelle: MODULES[name].libelle,
          aide: `Sans lui\u00a0: ${MODULES[name].sans.charAt(0).toLowerCase()}${MODULES[name].sans.slice(1)}`,
        })),
        actifs: organisme.modules,
        breadcrumb: trail('modules'),
      }),
  }),
  act(pathOf('modules'), {
    can,
    form: z.strictObject({ modules: plusieurs(z.enum(names, 'Ce module n’existe pas.'), names.length) }),
    async run({ db, form, organisme, note: journal }) {
      const modules = [...new Set(form.modules)]
      await regler(db, { modules })
      journal(note('modules', { de: organisme.modules, vers: modules }))
      return saved(pathOf('modules'), 'Les modules sont enregistrés. Les menus ont déjà changé.')
    },
  }),
]
