/** Questions that come back every year: a start, to be fitted to the dossier before it is sent. */
export const QUESTIONS_TYPES: readonly string[] = [
  'Vos recettes (case AA) s’élèvent à … € alors que le total de vos déclarations de TVA fait ressortir … €. Merci d’expliquer l’écart de … €.',
  'Les frais de véhicule (case BJ) sont déduits au barème kilométrique. Merci de nous indiquer le kilométrage professionnel, la puissance fiscale et la justification du nombre de kilomètres.',
  'Vous avez opté pour le barème kilométrique et déduit par ailleurs … € de carburant : pouvez-vous confirmer qu’il ne s’agit pas du même véhicule ?',
  'Le poste « Charges sociales personnelles » augmente de … %. Merci de préciser la part CSG/CRDS non déductible et de joindre l’appel de cotisations.',
  'Aucune CSG déductible n’est portée ligne 14. Est-ce une omission ?',
  'Une acquisition de … € figure en petit outillage. Merci de joindre la facture et d’indiquer pourquoi ce bien n’a pas été immobilisé.',
  'Le tableau de passage OGBNC04 fait apparaître un écart de trésorerie de … €. Merci de nous transmettre le détail des apports et prélèvements personnels.',
  'La quote-part privée du loyer de votre domicile n’apparaît pas en réintégration. Quelle surface est affectée à l’activité ?',
  'Des honoraires rétrocédés de … € sont déclarés : avez-vous déposé la DAS2 correspondante ? Merci de joindre l’accusé de dépôt.',
  'Votre taux de marge brute passe de … % à … %. Merci d’en indiquer les causes (prix d’achat, pertes, stock, remises).',
  'Le compte 455 est débiteur de … € à la clôture. Merci de préciser sa régularisation.',
  'Le stock de clôture est identique à celui de l’exercice précédent. Merci de transmettre l’inventaire valorisé.',
  'Le solde du compte 44571 ne correspond pas à la CA3 de décembre. Merci de fournir le rapprochement de TVA.',
  'Vous relevez d’un cumul micro-BNC et déclaration contrôlée : merci de confirmer l’absence d’autre activité de même nature.',
  'Le FEC transmis comporte … écritures déséquilibrées et des pièces sans date. Merci de déposer un fichier corrigé dans « Transfert de données ».',
]
