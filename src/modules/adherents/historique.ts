import type { Db } from '../../kernel/db.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import { type Zone, zones } from '../coordonnees/zones.ts'

export interface Evenement {
  numero: number
  le: string
  acteur: string
  action: string
  detail: Record<string, unknown>
}

/** What the journal keeps of an adhérent, newest first; reversed when what stands before a cursor is asked. */
export function listEvenements(
  db: Db,
  adherentId: string,
  place: { apres?: string | undefined; avant?: string | undefined },
  limit: number,
): Promise<Evenement[]> {
  const start: Sql =
    place.apres !== undefined
      ? sql`and j.numero < ${Number(place.apres)}`
      : place.avant !== undefined
        ? sql`and j.numero > ${Number(place.avant)}`
        : sql``
  const order = place.avant === undefined ? sql`j.numero desc` : sql`j.numero`
  return db.many<Evenement>(sql`select j.numero, j.le, j.acteur, j.action, j.detail from journal j
    where j.adherent_id = ${adherentId} ${start} order by ${order} limit ${limit}`)
}

/** What the actions of the journal that concern an adhérent mean. */
const ACTIONS: Record<string, string> = {
  connexion: 'Connexion',
  'connexion.echec': 'Échec de connexion',
  deconnexion: 'Déconnexion',
  'second-facteur.echec': 'Échec du second facteur',
  'sessions.fin': 'Sessions fermées',
  'mot-de-passe.oublie': 'Mot de passe oublié, lien demandé',
  'mot-de-passe.change': 'Mot de passe changé',
  'courriel.demande': 'Changement de l’adresse du compte demandé',
  'courriel.change': 'Adresse du compte changée',
  'compte.cree': 'Compte créé, lien d’activation envoyé',
  'compte.invite': 'Lien d’activation envoyé',
  'compte.active': 'Compte activé',
  'compte.bloque': 'Compte bloqué, sessions fermées',
  'compte.debloque': 'Compte débloqué',
  'compte.reinitialise': 'Lien de changement de mot de passe envoyé',
  'demande-de-compte.lien-envoye': 'Demande de compte acceptée, lien d’activation envoyé',
  'coordonnees.demandee': 'Mise à jour de coordonnées demandée',
  'coordonnees.retiree': 'Demande de mise à jour retirée',
  'coordonnees.acceptee': 'Mise à jour de coordonnées acceptée',
  'coordonnees.refusee': 'Mise à jour de coordonnées refusée',
  'cloture.etape': 'Étape d’une clôture enregistrée',
  'document.emis': 'Document préparé',
  'document.publie': 'Document publié',
  'document.retire': 'Document retiré',
  'document.ouvert': 'Document ouvert',
  'document.telecharge': 'Document téléchargé',
  'transferts.send': 'Fichiers envoyés',
  'transferts.download': 'Fichier d’un transfert téléchargé',
  'gestion.transferts.take': 'Transfert pris en compte',
  'gestion.transferts.refuse': 'Transfert refusé',
  'formations.enrol': 'Inscription ou désinscription à une formation',
  'courrier.publie': 'Courrier envoyé',
  'courrier.ouvert': 'Courrier ouvert',
  'courrier.pdf': 'Courrier ouvert',
  'courrier.telecharge': 'Courrier téléchargé',
  'courrier.relance': 'Relance envoyée',
  'courrier.clos': 'Courrier clos',
  'courriers.answer': 'Réponse à un courrier',
  'courrier.question.satisfaite': 'Question d’un courrier satisfaite',
  'reponse.fichier': 'Pièce d’une réponse ouverte',
  'affectation.faite': 'Dossier affecté à un collaborateur',
  'affectation.changee': 'Dossier confié à un autre collaborateur',
  'affectation.retiree': 'Dossier retiré à un collaborateur',
  'clients.arrivee': 'Arrivée dans un cabinet enregistrée',
  'clients.depart': 'Départ d’un cabinet enregistré',
  'message.envoye': 'Message envoyé',
  'message.repondu': 'Message répondu',
  'message.poursuivi': 'Message poursuivi',
  'message.clos': 'Échange de messages clos',
  'message.piece': 'Pièce d’un message ouverte',
  'profil.manage': 'Profil modifié',
  refus: 'Accès refusé',
}

/** An action in a sentence; one that has none shows by its name. */
export function phraseDe(action: string): string {
  return ACTIONS[action] ?? `Autre acte\u00a0: ${action}`
}

/** Which zone, which acknowledgement: what tells two such acts apart. */
export function precisionDe(detail: Record<string, unknown>): string {
  const zone = typeof detail.zone === 'string' ? zones[detail.zone as Zone]?.libelle : undefined
  const accuse = typeof detail.accuse === 'string' ? detail.accuse : undefined
  return zone ?? accuse ?? ''
}
