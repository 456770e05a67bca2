import { z } from 'zod'
import { NotFound, Refusal } from '../../kernel/errors.ts'
import { paragraphe, texte } from '../../kernel/forms.ts'
import { renderMail } from '../../kernel/mail/render.ts'
import { type Template, isTemplate, templates } from '../../kernel/mail/templates.ts'
import {
  type MailText,
  defaultText,
  fillText,
  ownText,
  unknownVariables,
  variablesOf,
  variantsOf,
} from '../../kernel/mail/texts.ts'
import { type Ctx, type Route, act, isolatedHtml, page, redirect, view } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import { occasionOf } from './occasions.ts'
import { note } from './queries.ts'
import { can, pathOf, trail } from './sections.ts'

const PAGE = pathOf('courriels')
const UN = `${PAGE}/:modele/:variante`
/** A template, and its case: `seul` when it has only one. */
const words = { modele: /^[a-z][a-z-]{0,60}$/, variante: /^[a-z_.-]{1,60}$/ }

const Texte = z.strictObject({
  objet: texte('l’objet', 150),
  texte: paragraphe('le texte', 2000),
  bouton: texte('le texte du bouton', 60),
})

interface Cas {
  template: Template
  cle: string
  data: Record<string, unknown>
}

const cases: Cas[] = (Object.keys(templates) as Template[]).flatMap((template) =>
  variantsOf(template).map(({ cle, data }) => ({ template, cle, data })),
)
const addressOf = ({ template, cle }: Cas) => `${PAGE}/${template}/${cle === '' ? 'seul' : cle}`

/** @throws NotFound for a mail that does not exist */
function casOf({ modele, variante }: Record<string, string>): Cas {
  const found = cases.find(
    ({ template, cle }) =>
      isTemplate(modele!) && template === modele && cle === (variante === 'seul' ? '' : variante),
  )
  if (!found) throw new NotFound('mail')
  return found
}

/** The words of each mail: those of the portal, or the organisme's own. */
export const courriels: Route[] = [
  page(PAGE, {
    can,
    async run({ db, services, organisme }) {
      const own = await db.many<{ modele: string; variante: string; objet: string }>(
        sql`select modele, variante, objet from textes_courriels`,
      )
      return view('reglages/courriels', {
        courriels: cases.map((cas) => {
          const mine = own.find((row) => row.modele === cas.template && row.variante === cas.cle)
          const shown = mine ?? defaultText(services.views, cas.template, cas.data)
          const { objet } = fillText({ texte: '', bouton: '', ...shown }, organisme, example(cas))
          const quand = occasionOf(cas.template, cas.cle)
          return { url: addressOf(cas), quand, objet, modifie: mine !== undefined }
        }),
        breadcrumb: trail('courriels'),
      })
    },
  }),
  page(UN, {
    can,
    words,
    async run(ctx) {
      const cas = casOf(ctx.params)
      const defaut = defaultText(ctx.services.views, cas.template, cas.data)
      const own = await ownText(ctx.db, cas.template, cas.cle)
      return view('reglages/courriel', {
        quand: occasionOf(cas.template, cas.cle),
        courriel: own ?? defaut,
        modifie: own !== undefined,
        adresse: addressOf(cas),
        variables: variablesOf(cas.template),
        breadcrumb: trail('courriels', fillText(defaut, ctx.organisme, example(cas)).objet),
      })
    },
  }),
  page(`${UN}/apercu`, {
    can,
    words,
    async run(ctx) {
      const cas = casOf(ctx.params)
      const own = await ownText(ctx.db, cas.template, cas.cle)
      return isolatedHtml(rendered(ctx, cas, own).html)
    },
  }),
  act(UN, {
    can,
    words,
    form: Texte,
    async run(ctx) {
      const { db, form, note: journal } = ctx
      const cas = casOf(ctx.params)
      for (const [champ, value] of Object.entries(form)) {
        const [unknown] = unknownVariables(cas.template, value)
        if (unknown !== undefined)
          throw new Refusal(
            `«\u00a0{${unknown}}\u00a0» n’est pas une variable de ce courriel. Voyez la liste.`,
            champ,
          )
      }
      rendered(ctx, cas, form)
      await db.run(sql`insert into textes_courriels (modele, variante, objet, texte, bouton)
        values (${cas.template}, ${cas.cle}, ${form.objet}, ${form.texte}, ${form.bouton})
        on conflict (organisme_id, modele, variante) do update set objet = excluded.objet, texte = excluded.texte,
          bouton = excluded.bouton, modifie_le = now(), modifie_par = app.utilisateur_id()`)
      journal(note('courriel', { modele: cas.template, variante: cas.cle, objet: form.objet }))
      return redirect(addressOf(cas), 'Le texte est enregistré. Les prochains courriels le porteront.')
    },
  }),
  act(`${UN}/origine`, {
    can,
    words,
    rerender: UN,
    async run(ctx) {
      const cas = casOf(ctx.params)
      await ctx.db.run(
        sql`delete from textes_courriels where modele = ${cas.template} and variante = ${cas.cle}`,
      )
      ctx.note(note('courriel', { modele: cas.template, variante: cas.cle, origine: true }))
      return redirect(addressOf(cas), 'Le texte d’origine est remis.')
    },
  }),
]

/** What stands for the data of a mail that nobody received. */
function example({ data }: Cas): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      typeof value === 'string' && value.startsWith('{') ? 'CNS0' : value,
    ]),
  )
}

function rendered(ctx: Ctx, cas: Cas, own: MailText | undefined) {
  const data = { ...example(cas), lien: '/' }
  const { protocol, port } = ctx.services.config.baseUrl
  return renderMail(ctx.services.views, cas.template, {
    organisme: ctx.organisme,
    data,
    origin: `${protocol}//exemple.invalid${port && `:${port}`}`,
    texte: own && fillText(own, ctx.organisme, data),
  })
}
