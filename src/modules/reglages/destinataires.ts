import { z } from 'zod'
import { brokenConstraint } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { courriel, texte } from '../../kernel/forms.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import { listDestinataires, note } from './queries.ts'
import { can, pathOf, trail } from './sections.ts'

const PAGE = pathOf('destinataires')
const Fiche = z.strictObject({
  libelle: texte('le nom du service', 80),
  courriel,
  ordre: z.coerce.number('Indiquez un rang.').int('Indiquez un rang entier.').min(0).max(999, 'Indiquez un rang de 0 à 999.').default(0),
}) // prettier-ignore

/** F111: whom members and firms write to. One that has served is closed, never erased. */
export const destinataires: Route[] = [
  page(PAGE, {
    can,
    async run({ db }) {
      return view('reglages/destinataires', {
        destinataires: await listDestinataires(db),
        breadcrumb: trail('destinataires'),
      })
    },
  }),
  act(PAGE, {
    can,
    form: Fiche,
    async run({ db, form, note: journal }) {
      await unique(() =>
        db.run(sql`insert into destinataires (libelle, courriel, ordre)
          values (${form.libelle}, ${form.courriel}, ${form.ordre})`),
      )
      journal(note('destinataires', { ajoute: form.libelle }))
      return redirect(PAGE, `«\u00a0${form.libelle}\u00a0» est ajouté.`)
    },
  }),
  page(`${PAGE}/:id`, {
    can,
    async run({ db, params }) {
      const destinataire = await db.one<{ libelle: string }>(
        sql`select id, libelle, courriel, ordre, ferme_le from destinataires where id = ${params.id}`,
      )
      return view('reglages/destinataire', {
        destinataire,
        breadcrumb: trail('destinataires', destinataire.libelle),
      })
    },
  }),
  act(`${PAGE}/:id`, {
    can,
    form: Fiche,
    async run({ db, params, form, note: journal }) {
      await db.one(sql`select from destinataires where id = ${params.id} for update`)
      await unique(() =>
        db.run(sql`update destinataires set libelle = ${form.libelle}, courriel = ${form.courriel}, ordre = ${form.ordre}
          where id = ${params.id}`),
      )
      journal(note('destinataires', { change: form.libelle }))
      return redirect(PAGE, `«\u00a0${form.libelle}\u00a0» est modifié.`)
    },
  }),
  act(`${PAGE}/:id/fermeture`, {
    can,
    rerender: PAGE,
    async run({ db, params, note: journal }) {
      const { libelle, ferme_le } = await db.one<{ libelle: string; ferme_le: string | null }>(
        sql`select libelle, ferme_le from destinataires where id = ${params.id} for update`,
      )
      await db.run(sql`update destinataires set ferme_le = case when ferme_le is null then now() end
        where id = ${params.id}`)
      journal(note('destinataires', { [ferme_le === null ? 'ferme' : 'rouvre']: libelle }))
      return redirect(
        PAGE,
        ferme_le === null
          ? `«\u00a0${libelle}\u00a0» ne se choisit plus.`
          : `«\u00a0${libelle}\u00a0» se choisit de nouveau.`,
      )
    },
  }),
]

async function unique(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!brokenConstraint(error)?.includes('libelle')) throw error
    throw new Refusal('Un autre destinataire porte déjà ce nom.', 'libelle')
  }
}
