import { z } from 'zod'
import { writeJournal } from '../../kernel/journal.ts'
import { type Conservation, type Reglages, everyOrganisme, reglagesOf } from '../../kernel/organisme.ts'
import { type PlatformTask, type Route, act, page, view } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import { note, purge, regler, saved } from './queries.ts'
import { can, pathOf, trail } from './sections.ts'

const mois = (allowed: readonly number[]) =>
  z.coerce
    .number('Choisissez une durée.')
    .refine((n) => allowed.includes(n), 'Choisissez une durée de la liste.')

/** In months; 0 keeps it. Traces of mails hold addresses: they are not kept beyond a year. */
export const DUREES = {
  courriels: { libelle: 'Traces des courriels envoyés', mois: [3, 6, 12] },
  demandes: { libelle: 'Demandes de compte closes', mois: [6, 12, 24, 36] },
  modifications: { libelle: 'Demandes de mise à jour de coordonnées closes', mois: [0, 12, 24, 36, 60] },
  messages: { libelle: 'Échanges de messages clos, avec leurs pièces', mois: [0, 24, 36, 60, 120] },
} as const satisfies Record<keyof Conservation, { libelle: string; mois: readonly number[] }>

const Durees = z.strictObject({
  courriels: mois(DUREES.courriels.mois),
  demandes: mois(DUREES.demandes.mois),
  modifications: mois(DUREES.modifications.mois),
  messages: mois(DUREES.messages.mois),
})

const inWords = (n: number) =>
  n === 0 ? 'Gardés' : n % 12 === 0 && n > 12 ? `${n / 12} ans` : n === 12 ? 'Un an' : `${n} mois`

export const conservation: Route[] = [
  page(pathOf('conservation'), {
    can,
    run: ({ organisme }) =>
      view('reglages/conservation', {
        durees: Object.entries(DUREES).map(([nom, { libelle, mois: allowed }]) => ({
          nom,
          libelle,
          valeur: organisme.reglages.conservation[nom as keyof Conservation],
          choix: allowed.map((n) => ({ valeur: String(n), libelle: inWords(n) })),
        })),
        breadcrumb: trail('conservation'),
      }),
  }),
  act(pathOf('conservation'), {
    can,
    form: Durees,
    async run({ db, form, organisme, note: journal }) {
      await regler(db, { reglages: { conservation: form } })
      journal(note('conservation', { de: organisme.reglages.conservation, vers: form }))
      return saved(pathOf('conservation'), 'Les durées sont enregistrées. La prochaine nuit les applique.')
    },
  }),
]

/** Every night: what has had its time goes, and the journal says how much of what. */
export const purgeDeNuit: PlatformTask = {
  cron: '10 3 * * *',
  async run({ database }) {
    await everyOrganisme(database, ({ transaction }) =>
      transaction(async (db) => {
        const { reglages } = await db.one<{ reglages: Partial<Reglages> }>(
          sql`select app.reglages() as reglages`,
        )
        const gone = await purge(db, reglagesOf(reglages).conservation)
        if (Object.values(gone).every((n) => n === 0)) return
        await writeJournal(db, undefined, {
          action: 'conservation.purge',
          objet: 'reglages',
          objetId: null,
          adherentId: null,
          detail: gone,
          request: 'purge',
        })
      }),
    )
  },
}
