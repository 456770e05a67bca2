import { FEC } from '../../kernel/files/allow-list.ts'
import { type Route, act, page } from '../../kernel/page.ts'
import { readFiche } from '../adherents/queries.ts'
import { envoyerFec, pageFec } from './fec.ts'
import { envoiFec } from './forms.ts'

/** A FEC that came to the staff by another way (a key, a visit), checked and kept with the others. */
export const depot: readonly Route[] = [
  page('/gestion/adherents/:id/fec', {
    can: 'gestion.transferts.deposer',
    async run({ db, params }) {
      const adherent = await readFiche(db, params.id!)
      const fiche = `/gestion/adherents/${adherent.id}`
      return pageFec(`${fiche}/fec`, {
        pour: adherent.denomination,
        retour: `${fiche}/transferts`,
        breadcrumb: [
          { libelle: `${adherent.denomination} (n° ${adherent.numero})`, url: fiche },
          { libelle: 'Contrôler un FEC' },
        ],
      })
    },
  }),
  act('/gestion/adherents/:id/fec', {
    can: 'gestion.transferts.deposer',
    form: envoiFec,
    upload: { rule: FEC, maxFiles: 1 },
    async run(ctx) {
      const adherent = await readFiche(ctx.db, ctx.params.id!)
      return envoyerFec(ctx, adherent.id)
    },
  }),
]
