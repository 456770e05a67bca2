import { z } from 'zod'
import { plusieurs } from '../../kernel/forms.ts'
import { type Route, act, page, view } from '../../kernel/page.ts'
import { note, regler, saved } from './queries.ts'
import { can, pathOf, trail } from './sections.ts'

const ROLES = ['adherent', 'cabinet', 'superviseur', 'collaborateur', 'permanent', 'administrateur'] as const
const LIBELLES: Record<(typeof ROLES)[number], string> = {
  adherent: 'Adhérents',
  cabinet: 'Comptes des cabinets',
  superviseur: 'Superviseurs',
  collaborateur: 'Collaborateurs',
  permanent: 'Permanents',
  administrateur: 'Administrateurs',
}

/** Who must have a second factor: those who have none set it up at their next page, before anything else. */
export const securite: Route[] = [
  page(pathOf('securite'), {
    can,
    run: ({ organisme }) =>
      view('reglages/securite', {
        choix: ROLES.map((role) => ({ valeur: role, libelle: LIBELLES[role] })),
        exiges: organisme.reglages.secondFacteurPour,
        breadcrumb: trail('securite'),
      }),
  }),
  act(pathOf('securite'), {
    can,
    form: z.strictObject({ roles: plusieurs(z.enum(ROLES, 'Ce rôle n’existe pas.'), ROLES.length) }),
    async run({ db, form, organisme, note: journal }) {
      await regler(db, { reglages: { secondFacteurPour: [...new Set(form.roles)] } })
      journal(note('securite', { de: organisme.reglages.secondFacteurPour, vers: form.roles }))
      return saved(pathOf('securite'), 'C’est enregistré. Ceux qui n’en ont pas devront la mettre en place.')
    },
  }),
]
