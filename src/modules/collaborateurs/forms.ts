import { z } from 'zod'
import { choix, courriel, date, plusieurs, texte, texteFacultatif, uuid } from '../../kernel/forms.ts'

const role = choix('un rôle', ['collaborateur', 'superviseur']).default('collaborateur')

export const Fiche = z.strictObject({
  prenom: texte('le prénom', 80),
  nom: texte('le nom', 120),
  fonction: texteFacultatif('la fonction', 120),
  /** Absent when the address can no longer be changed from here. */
  courriel: courriel.optional(),
  role,
})
export type Fiche = z.output<typeof Fiche>

export const Nouveau = Fiche.extend({ courriel })

/** Dossiers of one collaborateur that pass to another, or to nobody. */
export const Retrait = z.strictObject({
  dossier: plusieurs(uuid, 200),
  vers: z.union([z.literal('personne'), uuid], { error: 'Choisissez à qui vont ces dossiers.' }),
})

const vers = z.union([z.literal(''), uuid])

/** What the page prepares: who gets the dossiers. */
export const preparation = z.object({ vers: vers.catch('') })

const DOSSIER = /^dossier-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

export interface Depart {
  le: string
  /** To whom the dossiers go that are not named one by one; null leaves them to nobody. */
  vers: string | null
  /** By dossier: to whom it goes. */
  dossiers: Map<string, string | null>
  /** What the page had shown, see `empreinte`. */
  vu: string
}

/** The departure as the page was filled in; a field that is not of the page is a forged one. */
export const Depart: z.ZodType<Depart> = z
  .looseObject({ le: date('le jour du départ'), vers, vu: z.string().max(64) })
  .transform(({ le, vers: all, vu, ...rest }, ctx) => {
    const dossiers = new Map<string, string | null>()
    for (const [name, value] of Object.entries(rest)) {
      const id = DOSSIER.exec(name)?.[1]
      const to = vers.safeParse(value)
      if (id === undefined || !to.success)
        ctx.addIssue({ code: 'custom', path: [name], message: 'Ce champ n’est pas attendu ici.' })
      else dossiers.set(id, to.data === '' ? null : to.data)
    }
    return { le, vers: all === '' ? null : all, dossiers, vu }
  })
