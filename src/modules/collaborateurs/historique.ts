import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'

/** The acts that a history shows, in words. What is not here (log-ins, devices) is between the person and the portal. */
const ACTIONS: Record<string, string> = {
  'collaborateur.cree': 'Collaborateur créé',
  'collaborateur.modifie': 'Fiche modifiée',
  'collaborateur.invite': 'Invitation envoyée',
  'collaborateur.bloque': 'Compte bloqué, sessions fermées',
  'collaborateur.debloque': 'Compte débloqué',
  'collaborateur.depart': 'Départ enregistré',
  'collaborateur.retour': 'Départ annulé',
  'affectation.faite': 'Dossier affecté',
  'affectation.changee': 'Dossier réaffecté',
  'affectation.retiree': 'Dossier retiré',
  'compte.active': 'Compte activé',
  'courrier.ouvert': 'Courrier ouvert',
  'courrier.pdf': 'Courrier téléchargé',
  'courrier.telecharge': 'Courriers téléchargés',
  'reponse.transmise': 'Réponse transmise',
  'reponse.soumise': 'Réponse soumise à validation',
  'reponse.acceptee': 'Réponse acceptée',
  'reponse.rejetee': 'Réponse rejetée',
  'reponse.fichier': 'Pièce d’une réponse ouverte',
  'suppleance.nommee': 'Suppléant nommé',
  'suppleance.terminee': 'Suppléance terminée',
  'message.envoye': 'Message envoyé',
  'document.ouvert': 'Document ouvert',
  'clients.exportes': 'Liste des clients exportée',
}

export interface Acte {
  numero: number
  le: string
  acteur: string
  action: string
  adherent_id: string | null
  denomination: string | null
}

/** What the journal keeps of a person of the firm, newest first; reversed when what stands before a cursor is asked. */
export function listActes(
  db: Db,
  id: string,
  place: { apres?: string | undefined; avant?: string | undefined },
  limit: number,
): Promise<Acte[]> {
  return db.many<Acte>(sql`select * from app.actes_de(${id}, ${Object.keys(ACTIONS)}::text[],
    ${place.apres ?? null}::bigint, ${place.avant ?? null}::bigint, ${limit})`)
}

export function phraseDe(action: string): string {
  return ACTIONS[action] ?? action
}
