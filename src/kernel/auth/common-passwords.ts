/** What French people choose too often, beside the international list: keyboard rows, endearments, songs, the trade. */
export const FRENCH_COMMON_PASSWORDS: string[] = `
motdepasse azerty azertyuiop qsdfghjklm wxcvbn azertyuiopqsdfghjklm azerqsdf azeqsd aqwzsx aqwzsxedc 1a2z3e4r 1a2z3e4r5t
jetaime jetadore moncoeur monamour jetaimemoncoeur jetaimepourlavie pourlavie toujours doudou loulou chouchou choupette
nounours bisous bisounours papillon coccinelle soleil bonjour bonsoir bonjourtoutlemonde coucou salut bienvenue
bienvenue2024 bienvenue2025 bienvenue2026 changezmoi changemoi achanger provisoire temporaire secret secrete
motdepasse1 motdepasse12 motdepasse123 motdepasse1234 motdepasse2024 motdepasse2025 motdepasse2026 monmotdepasse
motdepassesecurise motdepasseoublie lemotdepasse nouveaumotdepasse administrateur administration direction accueil
bureau secretariat comptabilite comptable expertcomptable cabinetcomptable gestion gestionagreee cabinet entreprise
societe facture factures declaration impots impots2025 impots2026 urssaf ursaff tresor tresorpublic liasse bilan
liberte egalite fraternite liberteegalitefraternite marseillaise allonsenfants allonsenfantsdelapatrie republique
france francais paris marseille marseille13 toulouse bordeaux bordeaux33 lyon69 nantes44 lille59 bretagne breizh
corse provence gironde libourne vendee olympique allezlom allezlesbleus champions champion psg2025 stadefrancais
football rugby cyclisme petanque vacances vacances2025 vacances2026 printemps automne hiver decembre janvier
fevrier noel joyeuxnoel bonneannee bonneannee2026 anniversaire maison lamaison famille mafamille mesenfants maman
papa papamaman mamie papi grandmere grandpere chaton minou minette mistigri felix medor rex toutou cheval chevaux
licorne princesse prince roi reine dragon chocolat vanille caramel croissant baguette camembert fromage vinrouge
pinard champagne pastis frerejacques aupresdemablonde alaclairefontaine surlepontdavignon aviondavignon savoie
maitrecorbeau lacigaleetlafourmi lapetitemaisondanslaprairie lepetitprince lepetitchaperonrouge asterix obelix tintin
milou gaston schtroumpf voltaire moliere hugo napoleon jeannedarc charlemagne
`
  .trim()
  .split(/\s+/)
