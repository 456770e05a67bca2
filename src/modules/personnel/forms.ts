import { z } from 'zod'
import { choix, courriel, date, paragraphe, plusieurs, texte, texteFacultatif } from '../../kernel/forms.ts'
import { type Domaine, domaines as DOMAINES } from '../../kernel/policy.ts'

const names = Object.keys(DOMAINES) as [Domaine, ...Domaine[]]

const FIELDS = {
  civilite: z.enum(['', 'M.', 'Mme']).catch(''),
  prenom: texte('le prénom', 80),
  nom: texte('le nom', 120),
  fonction: texteFacultatif('la fonction', 120),
  role: choix('un rôle', ['permanent', 'administrateur']),
  droits: z.enum(['tout', 'choisis']).default('tout'),
  domaines: plusieurs(z.enum(names, 'Ce droit n’existe pas.'), names.length),
}

/** What an administrateur has is everything; a permanent may be given parts of the work. */
function rights<T extends { role: string; droits: 'tout' | 'choisis'; domaines: Domaine[] }>({
  droits,
  domaines,
  ...rest
}: T) {
  return { ...rest, domaines: rest.role === 'administrateur' || droits === 'tout' ? null : domaines }
}

export const Nouveau = z.strictObject({ ...FIELDS, courriel }).transform(rights)
/** The address only while the account waits for its owner. */
export const Modification = z.strictObject({ ...FIELDS, courriel: courriel.optional() }).transform(rights)
export const Depart = z.strictObject({ le: date('le premier jour sans accès') })
export const Blocage = z.strictObject({ motif: paragraphe('la raison', 500) })

export const CHOIX_DOMAINES = names.map((name) => ({ valeur: name, libelle: DOMAINES[name] }))
