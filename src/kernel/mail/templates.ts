import { z } from 'zod'

/** A path of the organisme's own site: the host is put before it when the mail leaves, and comes from nobody's request. */
const lien = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[^\s\\]*$/, 'a path of ours')

/**
 * Every mail, by the name of its file in `views/mails`, with all that its template gets. No name, no amount, no
 * document: whoever reads over a shoulder learns that there is something to read, and no more.
 */
export const templates = {
  activation: z.strictObject({ lien }),
  'compte-cree': z.strictObject({ lien }),
  'compte-demande-refusee': z.strictObject({ lien }),
  'compte-precision': z.strictObject({ lien }),
  'compte-securite': z.strictObject({
    lien,
    quoi: z.enum(['bloque', 'debloque', 'sessions', 'droits', 'retrait', 'vue']),
  }),
  'connexion-bloquee': z.strictObject({ lien }),
  'courriel-a-confirmer': z.strictObject({ lien }),
  'courriel-change': z.strictObject({ lien }),
  'courrier-recu': z.strictObject({ lien, attend: z.boolean() }),
  'document-publie': z.strictObject({ lien }),
  'formation-annulee': z.strictObject({ lien }),
  'formation-place': z.strictObject({ lien }),
  'liste-clients-recue': z.strictObject({ lien, code: z.string().max(60) }),
  'liste-clients-traitee': z.strictObject({ lien, resultat: z.enum(['acceptee', 'refusee']) }),
  'message-copie': z.strictObject({ lien }),
  'message-recu': z.strictObject({ lien }),
  'message-repondu': z.strictObject({ lien }),
  'mise-a-jour-traitee': z.strictObject({ lien, resultat: z.enum(['acceptee', 'refusee']) }),
  'mot-de-passe-change': z.strictObject({ lien }),
  'mot-de-passe-oublie': z.strictObject({ lien }),
  'nouvel-appareil': z.strictObject({ lien }),
  'precision-demandee': z.strictObject({ lien }),
  'reponse-a-valider': z.strictObject({ lien }),
  'reponse-acceptee': z.strictObject({ lien, corrigee: z.boolean() }),
  'reponse-rejetee': z.strictObject({ lien }),
  'second-facteur': z.strictObject({ lien, quoi: z.enum(['active', 'retire', 'codes', 'secours']) }),
  'transfert-recu': z.strictObject({ lien }),
  'transfert-traite': z.strictObject({ lien, resultat: z.enum(['pris_en_compte', 'refuse']) }),
}

export type Template = keyof typeof templates
export type MailData<T extends Template> = z.input<(typeof templates)[T]>

export function isTemplate(name: string): name is Template {
  return Object.hasOwn(templates, name)
}
