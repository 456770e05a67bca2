import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { Refusal } from '../../kernel/errors.ts'
import type { FileRule } from '../../kernel/files/allow-list.ts'
import { dimensions } from '../../kernel/files/image.ts'
import { type Route, act, page, view } from '../../kernel/page.ts'
import { contrast, palettes } from '../../kernel/theme.ts'
import { DEFAUT, apercu } from './en-tete.ts'
import { note, readPapiers, regler, reglerLogo, saved } from './queries.ts'
import { REGLAGES, can, pathOf, trail } from './sections.ts'

const LOGO: FileRule = { extensions: ['png'], maxBytes: 200 * 1024 }
const SIDES = { min: 32, max: 1200 }

const couleur = z
  .string({ error: 'Choisissez une couleur.' })
  .trim()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/, 'Écrivez la couleur sous la forme #1f5c7a.')

/** What the eye meets first. A colour is kept as it is, and moved where a text would not be readable on it. */
export const apparence: Route[] = [
  page(pathOf('apparence'), {
    can,
    query: z.object({ couleur: couleur.optional().catch(undefined) }),
    run: ({ organisme, query }) => {
      const essai = query.couleur ?? organisme.couleur
      return view('reglages/apparence', {
        essai,
        contrastes: contrastsOf(essai),
        apercu: query.couleur !== undefined && query.couleur !== organisme.couleur,
        logo: { extensions: LOGO.extensions, tailleMax: LOGO.maxBytes },
        breadcrumb: trail('apparence'),
      })
    },
  }),
  act(pathOf('apparence'), {
    can,
    form: z.strictObject({ couleur }),
    async run({ db, form, organisme, note: journal }) {
      await regler(db, { couleur: form.couleur })
      journal(note('couleur', { de: organisme.couleur, vers: form.couleur }))
      return saved(pathOf('apparence'), 'La couleur est enregistrée.')
    },
  }),
  act(`${REGLAGES}/logo`, {
    can,
    form: z.strictObject({}),
    upload: { rule: LOGO, maxFiles: 1 },
    rerender: pathOf('apparence'),
    async run({ db, files, organisme, today, note: journal }) {
      const [file] = files
      if (!file) throw new Refusal('Choisissez une image.', 'fichier')
      const image = await readFile(file.tempPath)
      const size = dimensions(image)
      if (
        !size ||
        Math.min(size.width, size.height) < SIDES.min ||
        Math.max(size.width, size.height) > SIDES.max
      )
        throw new Refusal(
          `L’image doit mesurer de ${SIDES.min} à ${SIDES.max} points de côté. Celle-ci en mesure ${size?.width ?? 0} sur ${size?.height ?? 0}.`,
          'fichier',
        )
      // Drawn once before it is kept: a logo that breaks every paper would be found out too late.
      await apercu(organisme, (await readPapiers(db)) ?? DEFAUT, image.toString('base64'), today).catch(
        () => {
          throw new Refusal(
            'Cette image est abîmée ou d’une forme que les documents ne savent pas imprimer.',
            'fichier',
          )
        },
      )
      await reglerLogo(db, image)
      journal(note('logo', { sha256: file.sha256 }))
      return saved(pathOf('apparence'), 'Le logo est enregistré. Il est déjà en haut de toutes les pages.')
    },
  }),
  act(`${REGLAGES}/logo/retrait`, {
    can,
    rerender: pathOf('apparence'),
    async run({ db, organisme, note: journal }) {
      if (organisme.logoVersion === null) throw new Refusal('Il n’y a pas de logo.')
      await reglerLogo(db, null)
      journal(note('logo', { retire: true }))
      return saved(pathOf('apparence'), 'Le logo est retiré.')
    },
  }),
]

/** How a colour reads (WCAG 1.4.3: 4.5 at least), as chosen and as used. */
function contrastsOf(hex: string) {
  const { fill, onFill, ink } = palettes(hex).light
  const shown = (ratio: number) =>
    ratio.toLocaleString('fr-FR', { maximumFractionDigits: 1, minimumFractionDigits: 1 })
  return {
    choisie: shown(contrast(hex, '#ffffff')),
    lisible: contrast(hex, '#ffffff') >= 4.5,
    bouton: { couleur: fill, texte: onFill, rapport: shown(contrast(fill, onFill)) },
    lien: { couleur: ink, rapport: shown(contrast(ink, '#ffffff')) },
    ajustee: fill !== hex || ink !== hex,
  }
}
