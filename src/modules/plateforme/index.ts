import { type Module, page, view } from '../../kernel/page.ts'
import { listOrganismes } from './queries.ts'

/** The operator of the platform: organismes and counts, never a member's data. */
export const plateforme: Module = {
  name: 'plateforme',
  routes: [
    page('/plateforme', {
      can: 'plateforme.read',
      run: async ({ db }) => view('plateforme/organismes', { organismes: await listOrganismes(db) }),
    }),
  ],
}
