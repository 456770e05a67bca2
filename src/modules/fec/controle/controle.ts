import { Calendrier } from './calendrier.ts'
import { debuts, decouper, fins, ligne as champs } from './champs.ts'
import { type Entete, lireEntete } from './colonnes.ts'
import { Constats } from './constats.ts'
import { Doublons } from './doublons.ts'
import { Ecritures } from './ecritures.ts'
import { Encodages } from './encodages.ts'
import { exerciceDe } from './exercice.ts'
import { autreFormat } from './format.ts'
import { Journaux } from './journaux.ts'
import { Lecture } from './lecture.ts'
import { LIGNE_MAX, Lignes } from './lignes.ts'
import { Montants } from './montants.ts'
import { lireNom } from './nom.ts'
import { SEPARATEURS, lirePremiereLigne } from './premiere-ligne.ts'
import type { Attendu, Rapport } from './rapport.ts'

/**
 * Checks a FEC: what the DGFiP's « Test Compta Demat » checks, and our own checks of quality. Line by line, in some
 * 90 MB whatever the size of the file; it never waits, so it belongs in a thread of its own (thread.ts).
 * @param nom as the person named the file
 * @param progres told now and then how many bytes have been read
 */
export function controler(
  chemin: string,
  nom: string,
  attendu: Attendu,
  progres: (octets: number) => void = () => undefined,
): Rapport {
  const lignes = new Lignes(chemin)
  try {
    lignes.progres = progres
    const controle = new Controle(nom, attendu, lignes)
    controle.lire()
    return controle.rapport()
  } finally {
    lignes.fermer()
  }
}

/** Walks through the lines; what is known of each subject is in its own class. */
class Controle {
  private readonly constats = new Constats()
  private readonly encodages = new Encodages()
  private readonly montants = new Montants()
  private readonly journaux = new Journaux()
  private readonly ecritures = new Ecritures()
  private readonly doublons: Doublons
  private readonly calendrier: Calendrier
  private readonly cloture: string
  private readonly exercice: { debut: string; fin: string } | null
  private readonly nom: string
  private readonly categorie: Attendu['categorie']
  private readonly source: Lignes
  private lecture: Lecture
  private entete: Entete = lireEntete([], false)
  private separateur = 0x09
  private bom = false
  private arrete = false
  private lignes = 0
  /** Lines with a field too many or too few. */
  private glissees = 0

  constructor(nom: string, attendu: Attendu, source: Lignes) {
    this.nom = nom
    this.categorie = attendu.categorie
    this.source = source
    this.doublons = new Doublons(source.taille)
    const clotures = attendu.exercices.map(({ fin }) => fin)
    this.cloture = lireNom(nom, { siren: attendu.siren, clotures }, this.constats).cloture
    this.exercice = exerciceDe(this.cloture, attendu)
    this.calendrier = new Calendrier(this.exercice)
    this.lecture = new Lecture(source, this.entete, this.constats)
    source.tropLongue = (n) => this.constats.ajouter('ligne_longue', n, `plus de ${LIGNE_MAX / 1024} Ko`)
  }

  lire(): void {
    const { source, constats } = this
    const format = autreFormat(source.tete())
    if (format === 'vide' || (format === undefined && !source.suivante())) {
      constats.ajouter('vide', 0)
      this.arrete = true
    } else if (format !== undefined) {
      constats.ajouter('illisible', 0, format)
      this.arrete = true
    } else {
      this.commencer()
      while (source.suivante()) this.ligne()
      this.ecritures.fermer()
      if (this.lignes === 0) constats.ajouter('vide', 0)
      this.conclure()
    }
  }

  private commencer(): void {
    const { source, constats } = this
    const { entete, separateur, bom, estEcriture } = lirePremiereLigne(source, this.categorie, constats)
    this.entete = entete
    this.separateur = separateur
    this.bom = bom
    this.lecture = new Lecture(source, entete, constats)
    if (estEcriture) this.ligne()
  }

  private ligne(): void {
    const { source, constats, entete, lecture } = this
    const { buf, debut, fin, numero } = source
    decouper(buf, debut, fin, this.separateur)
    if (champs.haute) this.encodages.voir(buf, debut, fin)
    const { nombre } = champs
    if (nombre === 1) return this.sansChamps()
    this.lignes++
    if (nombre !== entete.nombre) {
      constats.ajouter('champs_nombre', numero, `${nombre} champs au lieu de ${entete.nombre}`)
      // Its fields have slipped: whatever would be said of them, and of the balance of its entry, is noise.
      this.glissees++
      this.ecritures.voir(lecture.texte('JournalCode'), 0, 0, lecture, true)
      return
    }
    if (this.doublons.vu(champs.h1, champs.h2)) constats.ajouter('doublon', numero)
    this.absences()
    this.compte()
    const jour = lecture.jour('EcritureDate')
    const validation = lecture.jour('ValidDate')
    lecture.jour('PieceDate')
    lecture.jour('DateRglt')
    lecture.jour('DateLet')
    this.calendrier.voir(jour, validation, numero, constats)
    this.lettrage()
    this.devise()
    this.montants.voir(lecture, entete.montantSens)
    const { debit, credit } = this.montants
    const journal = lecture.texte('JournalCode')
    this.journaux.ajouter(journal, debit, credit, lecture)
    this.ecritures.voir(journal, debit - credit, jour, lecture)
  }

  /** Blank, or without a separator. */
  private sansChamps(): void {
    const { constats, source } = this
    if (fins[0]! > debuts[0]!)
      constats.ajouter('champs_nombre', source.numero, `1 champ au lieu de ${this.entete.nombre}`)
    else constats.ajouter('ligne_vide', source.numero)
  }

  private absences(): void {
    const { entete, lecture, constats } = this
    for (const nom of entete.bloquantes) {
      if (entete.places[nom] !== undefined && lecture.vide(nom))
        constats.ajouter('obligatoire_vide', lecture.numero, '', nom)
    }
    for (const nom of entete.attendues) {
      if (entete.places[nom] !== undefined && !entete.bloquantes.includes(nom) && lecture.vide(nom))
        constats.ajouter('donnee_absente', lecture.numero, '', nom)
    }
  }

  private compte(): void {
    const { lecture } = this
    if (lecture.vide('CompteNum') || lecture.commenceParChiffres('CompteNum', 3)) return
    this.constats.ajouter('compte_chiffres', lecture.numero, () => lecture.lisible('CompteNum'))
  }

  private lettrage(): void {
    const { lecture } = this
    if (!lecture.vide('EcritureLet') && lecture.vide('DateLet') && lecture.place('DateLet') >= 0)
      this.constats.ajouter('lettrage_sans_date', lecture.numero, () => lecture.lisible('EcritureLet'))
  }

  private devise(): void {
    const { lecture } = this
    const montant = lecture.vide('Montantdevise') ? 0 : lecture.montant('Montantdevise')
    if (montant !== 0 && lecture.place('Idevise') >= 0 && lecture.vide('Idevise'))
      this.constats.ajouter('devise', lecture.numero, () => lecture.lisible('Montantdevise'))
  }

  /** What can only be said at the end. */
  private conclure(): void {
    const { constats } = this
    this.ecritures.conclureEquilibre(constats, this.source, this.entete, this.separateur)
    this.montants.conclure(constats, this.glissees > 0)
    this.ecritures.conclureNumeros(constats)
    this.montants.conclureClasses(constats)
    this.encodages.conclure(constats)
  }

  rapport(): Rapport {
    const { entete, source } = this
    return {
      nom: this.nom,
      taille: source.taille,
      lignes: this.lignes,
      ecritures: this.ecritures.nombre,
      encodage: this.encodages.nom(this.bom),
      bom: this.bom,
      separateur: SEPARATEURS[this.separateur] ?? 'autre',
      finDeLigne: source.finDeLigne,
      colonnes: entete.nombre,
      supplementaires: entete.supplementaires.slice(0, 20),
      profil: entete.profil,
      montantSens: entete.montantSens,
      ...this.montants.totaux(),
      ...this.calendrier.bornes(),
      cloture: this.cloture,
      exercice: this.exercice,
      journaux: this.journaux.liste(),
      constats: this.constats.liste(),
      limites: this.limites(),
    }
  }

  private limites(): string[] {
    const list: string[] = []
    if (this.arrete) list.push('Le contenu n’a pas pu être lu : aucun autre contrôle n’a été fait.')
    if (this.doublons.incomplet)
      list.push('Les lignes en double ont été cherchées sur les premiers millions de lignes.')
    if (this.ecritures.incompletes)
      list.push('Les écritures déséquilibrées sont trop nombreuses pour être toutes comptées.')
    if (!this.arrete && !this.exercice)
      list.push('La date de clôture n’est pas connue : les dates n’ont pas été comparées à l’exercice.')
    return list
  }
}
