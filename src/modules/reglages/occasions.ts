import type { Template } from '../../kernel/mail/templates.ts'

/** When a mail leaves, and to whom: two of them may have the same objet. By case where a mail has several. */
const OCCASIONS: Record<Template, string | Record<string, string>> = {
  activation: 'Un compte est ouvert\u00a0: à la personne invitée',
  'compte-cree': 'Une demande de compte est acceptée\u00a0: à qui l’a faite',
  'compte-demande-refusee': 'Une demande de compte est refusée\u00a0: à qui l’a faite',
  'compte-precision': 'Vous demandez une précision sur une demande de compte\u00a0: à qui l’a faite',
  'compte-securite': {
    bloque: 'Un compte est bloqué\u00a0: à son titulaire',
    debloque: 'Un compte est débloqué\u00a0: à son titulaire',
    sessions: 'Ses sessions sont fermées par votre organisme\u00a0: au titulaire du compte',
    droits: 'Les droits de quelqu’un du personnel changent\u00a0: à cette personne',
    retrait: 'Le retrait d’une validation en deux étapes est demandé\u00a0: au titulaire du compte',
    vue: 'Quelqu’un du personnel voit le portail comme lui\u00a0: au titulaire du compte',
  },
  'connexion-bloquee': 'Trop de mauvais mots de passe\u00a0: au titulaire du compte',
  'courriel-a-confirmer': 'Quelqu’un change d’adresse électronique\u00a0: à la nouvelle adresse',
  'courriel-change': 'Quelqu’un a changé d’adresse électronique\u00a0: à l’ancienne adresse',
  'courrier-recu': {
    attend: 'Un courrier qui attend une réponse est envoyé\u00a0: à ses destinataires',
    'sans-attend': 'Un courrier à lire est envoyé\u00a0: à ses destinataires',
  },
  'document-publie': 'Un document est publié\u00a0: à l’adhérent, et à son cabinet',
  'formation-annulee': 'Une formation est annulée\u00a0: aux inscrits et à la liste d’attente',
  'formation-place': 'Une place se libère dans une formation\u00a0: au premier de la liste d’attente',
  'liste-clients-recue': 'Un cabinet envoie sa liste de clients\u00a0: à votre organisme',
  'liste-clients-traitee': {
    acceptee: 'Une mise à jour de liste de clients est acceptée\u00a0: au cabinet',
    refusee: 'Une mise à jour de liste de clients est refusée\u00a0: au cabinet',
  },
  'message-copie':
    'Un collègue écrit à votre organisme avec quelqu’un en copie\u00a0: à la personne en copie',
  'message-recu': 'Un message vous est écrit\u00a0: au service destinataire',
  'message-repondu': 'Vous répondez à un message\u00a0: à qui l’a écrit',
  'mise-a-jour-traitee': {
    acceptee: 'Un changement de coordonnées est accepté\u00a0: à qui l’a demandé',
    refusee: 'Un changement de coordonnées est refusé\u00a0: à qui l’a demandé',
  },
  'mot-de-passe-change': 'Un mot de passe a été changé\u00a0: au titulaire du compte',
  'mot-de-passe-oublie': 'Un nouveau mot de passe est demandé\u00a0: au titulaire du compte',
  'nouvel-appareil': 'Une connexion vient d’un appareil jamais vu\u00a0: au titulaire du compte',
  'precision-demandee': 'Vous demandez une précision sur une demande\u00a0: à qui l’a faite',
  'reponse-a-valider': 'La réponse d’un collaborateur attend une validation\u00a0: au superviseur',
  'reponse-acceptee': {
    corrigee: 'Une réponse est validée avec une correction\u00a0: au collaborateur',
    'sans-corrigee': 'Une réponse est validée telle quelle\u00a0: au collaborateur',
  },
  'reponse-rejetee': 'Une réponse est rejetée par le superviseur\u00a0: au collaborateur',
  'second-facteur': {
    active: 'Une validation en deux étapes est mise en place\u00a0: au titulaire du compte',
    retire: 'Une validation en deux étapes est retirée\u00a0: au titulaire du compte',
    codes: 'Des codes de secours sont renouvelés\u00a0: au titulaire du compte',
    secours: 'Un code de secours a servi\u00a0: au titulaire du compte',
  },
  'transfert-recu': 'Un transfert est bien arrivé\u00a0: à qui l’a envoyé',
  'transfert-traite': {
    pris_en_compte: 'Un transfert est pris en compte\u00a0: à qui l’a envoyé',
    refuse: 'Un transfert est refusé\u00a0: à qui l’a envoyé',
  },
}

/** @throws TypeError for a case that has no sentence yet: a test walks them all. */
export function occasionOf(template: Template, cle: string): string {
  const known = OCCASIONS[template]
  const phrase = typeof known === 'string' ? known : known[cle]
  if (phrase === undefined) throw new TypeError(`no occasion for ${template} ${cle}`)
  return phrase
}
