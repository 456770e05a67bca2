import { debuts, decouper, fins, ligne as champs, texteDe, aDes1252, estUtf8 } from './champs.ts'
import { ARRETE, type Colonne, type Entete, lireEntete } from './colonnes.ts'
import { Constats } from './constats.ts'
import { Doublons } from './doublons.ts'
import { type Ecart, Equilibre } from './equilibre.ts'
import { enEuros, exerciceDe, nombreDe } from './exercice.ts'
import { autreFormat, commenceParBom, separateurDe } from './format.ts'
import { LIGNE_MAX, Lignes } from './lignes.ts'
import { lireNom } from './nom.ts'
import { Numeros } from './numeros.ts'
import { DEMI_CENTIME, UNITE, isoDe, lireJour, lireMontant, lu } from './octets.ts'
import { Relecture } from './relecture.ts'
import type { Attendu, Encodage, JournalLu, Rapport } from './rapport.ts'

const JOURNAUX_MAX = 500
const NOMS_SEPARATEURS: Record<number, string> = {
  0x09: 'tabulation',
  0x7c: 'barre verticale',
  0x3b: 'point-virgule',
  0x2c: 'virgule',
}

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

function phraseEcart({ cle, ecart }: Ecart): string {
  const [journal, num] = cle.split('\0')
  return `écriture ${num}${journal ? ` (journal ${journal})` : ''} : écart de ${enEuros(ecart)}`
}

interface Journal extends JournalLu {
  ordre: number
}

class Controle {
  private readonly constats = new Constats()
  private readonly equilibre = new Equilibre()
  private readonly numeros = new Numeros()
  private readonly doublons: Doublons
  private readonly journaux = new Map<string, Journal>()
  private readonly cloture: string
  private readonly exercice: { debut: string; fin: string } | null
  private readonly bornes: { debut: number; fin: number } | undefined
  private readonly nom: string
  private readonly attendu: Attendu
  private readonly source: Lignes
  private entete: Entete = lireEntete([], false)
  private separateur = 0x09
  private bom = false
  private arrete = false
  private lignes = 0
  private ecritures = 0
  /** Lines with a field too many or too few. */
  private glissees = 0
  private utf8 = 0
  private latin = 0
  private des1252 = 0
  private debit = 0
  private credit = 0
  private premiere = 0
  private derniere = 0
  private derniereValidation = 0
  /** Debit less credit of the accounts of classes 6 and 7, and whether they moved. */
  private readonly classes = { 6: 0, 7: 0, mouvement: false }
  private groupe = { journal: '', num: '', ligne: 0, ecart: 0, jour: 0, dates: false, douteuse: false }

  constructor(nom: string, attendu: Attendu, source: Lignes) {
    this.nom = nom
    this.attendu = attendu
    this.source = source
    this.doublons = new Doublons(source.taille)
    const { cloture } = lireNom(
      nom,
      { siren: attendu.siren, clotures: attendu.exercices.map(({ fin }) => fin) },
      this.constats,
    )
    this.cloture = cloture
    this.exercice = exerciceDe(cloture, attendu)
    if (this.exercice) {
      this.bornes = { debut: nombreDe(this.exercice.debut), fin: nombreDe(this.exercice.fin) }
    }
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
      this.premiereLigne()
      while (source.suivante()) this.ligne()
      this.fermerGroupe()
      if (this.lignes === 0) constats.ajouter('vide', 0)
      this.bilan()
    }
  }

  rapport(): Rapport {
    const { entete, source } = this
    return {
      nom: this.nom,
      taille: source.taille,
      lignes: this.lignes,
      ecritures: this.ecritures,
      encodage: this.encodage(),
      bom: this.bom,
      separateur: NOMS_SEPARATEURS[this.separateur] ?? 'autre',
      finDeLigne: source.finDeLigne,
      colonnes: entete.nombre,
      supplementaires: entete.supplementaires.slice(0, 20),
      profil: entete.profil,
      montantSens: entete.montantSens,
      debit: this.debit / UNITE,
      credit: this.credit / UNITE,
      resultat: -(this.classes[6] + this.classes[7]) / UNITE,
      premiere: this.premiere === 0 ? '' : isoDe(this.premiere),
      derniere: this.derniere === 0 ? '' : isoDe(this.derniere),
      cloture: this.cloture,
      exercice: this.exercice,
      journaux: [...this.journaux.values()].map(({ ordre: _, debit, credit, ...journal }) => ({
        ...journal,
        debit: debit / UNITE,
        credit: credit / UNITE,
      })),
      constats: this.constats.liste(),
      limites: this.limites(),
    }
  }

  private premiereLigne(): void {
    const { source, constats } = this
    const { buf } = source
    this.bom = commenceParBom(buf.subarray(source.debut, source.fin))
    if (this.bom) source.debut += 3
    const premiere = buf.subarray(source.debut, source.fin)
    const { octet, admis } = separateurDe(premiere)
    this.separateur = octet
    if (!admis) constats.ajouter('separateur', 1, NOMS_SEPARATEURS[octet] ?? '')
    decouper(buf, source.debut, source.fin, octet)
    const noms = Array.from({ length: Math.min(champs.nombre, 256) }, (_, i) =>
      texteDe(buf, debuts[i]!, fins[i]!, 40),
    )
    const { categorie } = this.attendu
    this.entete = lireEntete(noms, categorie === 'BNC' || categorie === 'BA')
    const { entete } = this
    if (Object.keys(entete.places).length < 3) {
      constats.ajouter('entete_absente', 1, noms.slice(0, 4).join(' '))
      // The accounts may still be there, in the order of the text.
      this.entete = { ...lireEntete(ARRETE, categorie === 'BNC'), nombre: noms.length }
      this.ligne()
      return
    }
    for (const manquante of entete.manquantes) constats.ajouter('entete_incomplete', 1, '', manquante)
    if (entete.manquantes.length === 0 && !entete.ordre) constats.ajouter('ordre_colonnes', 1)
    if (entete.separateurFinal) constats.ajouter('separateur_final', 1)
    if (entete.profil === 'COM' && categorie === 'BNC' && entete.manquantes.length === 0)
      constats.ajouter('colonnes_bnc', 0)
  }

  private ligne(): void {
    const { source, constats, entete } = this
    const { buf, debut, fin, numero } = source
    decouper(buf, debut, fin, this.separateur)
    if (champs.haute) this.octetsHauts(buf, debut, fin)
    if (champs.nombre === 1) {
      constats.ajouter(fins[0]! > debuts[0]! ? 'champs_nombre' : 'ligne_vide', numero, () =>
        fins[0]! > debuts[0]! ? `1 champ au lieu de ${entete.nombre}` : '',
      )
      return
    }
    this.lignes++
    const { nombre } = champs
    if (nombre !== entete.nombre) {
      constats.ajouter('champs_nombre', numero, `${nombre} champs au lieu de ${entete.nombre}`)
      // Its fields have slipped: whatever would be said of them, and of the balance of its entry, is noise.
      this.glissees++
      this.ecriture(this.texte('JournalCode'), 0, 0, true)
      return
    }
    if (this.doublons.vu(champs.h1, champs.h2)) constats.ajouter('doublon', numero)
    for (const nom of entete.bloquantes) {
      if (entete.places[nom] !== undefined && this.vide(nom))
        constats.ajouter('obligatoire_vide', numero, '', nom)
    }
    for (const nom of entete.attendues) {
      if (entete.places[nom] !== undefined && !entete.bloquantes.includes(nom) && this.vide(nom))
        constats.ajouter('donnee_absente', numero, '', nom)
    }
    this.compte()
    const jour = this.jour('EcritureDate')
    const validation = this.jour('ValidDate')
    this.jour('PieceDate')
    this.jour('DateRglt')
    this.jour('DateLet')
    this.dates(jour, validation)
    this.lettrage()
    this.montants(jour)
  }

  private octetsHauts(buf: Buffer, debut: number, fin: number): void {
    if (estUtf8(buf, debut, fin)) this.utf8++
    else {
      this.latin++
      if (aDes1252(buf, debut, fin)) this.des1252++
    }
  }

  private place(nom: Colonne): number {
    const place = this.entete.places[nom]
    return place === undefined || place >= champs.nombre || place >= debuts.length ? -1 : place
  }

  private vide(nom: Colonne): boolean {
    const at = this.place(nom)
    return at < 0 || fins[at] === debuts[at]
  }

  private texte(nom: Colonne): string {
    const at = this.place(nom)
    return at < 0 ? '' : this.source.buf.toString('latin1', debuts[at], fins[at])
  }

  /** Text for a person, in the right encoding. */
  private lisible(nom: Colonne, max = 40): string {
    const at = this.place(nom)
    return at < 0 ? '' : texteDe(this.source.buf, debuts[at]!, fins[at]!, max)
  }

  private compte(): void {
    const at = this.place('CompteNum')
    if (at < 0) return
    const { buf, numero } = this.source
    const s = debuts[at]!
    if (fins[at] === s) return
    for (let i = s; i < s + 3; i++) {
      const c = i < fins[at]! ? buf[i]! : 0
      if (c < 0x30 || c > 0x39) {
        this.constats.ajouter('compte_chiffres', numero, () => this.lisible('CompteNum'))
        return
      }
    }
  }

  /** The day in a column as a number, or 0 when there is none that can be understood. */
  private jour(nom: Colonne): number {
    const at = this.place(nom)
    if (at < 0 || fins[at] === debuts[at]) return 0
    const faute = lireJour(this.source.buf, debuts[at]!, fins[at]!)
    if (faute === '') return lu.valeur
    const { numero } = this.source
    if (faute === 'vide') {
      if (nom === 'EcritureDate')
        this.constats.ajouter('date_illisible', numero, () => this.lisible(nom), nom)
      return 0
    }
    const { valeur } = lu
    const code = { forme: 'date_forme', siecle: 'date_siecle', impossible: 'date_impossible', illisible: 'date_illisible' } as const // prettier-ignore
    this.constats.ajouter(code[faute], numero, () => this.lisible(nom), nom)
    return faute === 'forme' ? valeur : 0
  }

  private dates(jour: number, validation: number): void {
    const { constats, bornes } = this
    const { numero } = this.source
    if (jour !== 0) {
      if (this.premiere === 0 || jour < this.premiere) this.premiere = jour
      if (jour > this.derniere) this.derniere = jour
      if (bornes && (jour < bornes.debut || jour > bornes.fin))
        constats.ajouter('hors_exercice', numero, () => isoDe(jour))
    }
    if (validation === 0) return
    if (jour !== 0 && validation < jour)
      constats.ajouter(
        'validation_avant',
        numero,
        () => `écriture du ${isoDe(jour)}, validée le ${isoDe(validation)}`,
      )
    if (validation < this.derniereValidation) {
      constats.ajouter('ordre_validation', numero, () => isoDe(validation))
    } else this.derniereValidation = validation
  }

  private lettrage(): void {
    if (!this.vide('EcritureLet') && this.vide('DateLet') && this.place('DateLet') >= 0)
      this.constats.ajouter('lettrage_sans_date', this.source.numero, () => this.lisible('EcritureLet'))
    const devise = this.texte('Idevise')
    const montant =
      this.place('Montantdevise') >= 0 && !this.vide('Montantdevise') ? this.montant('Montantdevise') : 0
    if (montant !== 0 && devise === '' && this.place('Idevise') >= 0)
      this.constats.ajouter('devise', this.source.numero, () => this.lisible('Montantdevise'))
  }

  /** An amount in ten-thousandths; nothing counts for zero. */
  private montant(nom: Colonne): number {
    const at = this.place(nom)
    if (at < 0 || fins[at] === debuts[at]) return 0
    const faute = lireMontant(this.source.buf, debuts[at]!, fins[at]!)
    if (faute === '') return lu.valeur
    const { valeur } = lu
    const code = {
      point: 'nombre_point',
      milliers: 'nombre_milliers',
      illisible: 'nombre_illisible',
    } as const
    this.constats.ajouter(code[faute], this.source.numero, () => this.lisible(nom), nom)
    return faute === 'illisible' ? 0 : valeur
  }

  private montants(jour: number): void {
    const { numero } = this.source
    let debit: number
    let credit: number
    if (this.entete.montantSens) {
      const montant = this.montant('Montant')
      const sens = this.texte('Sens')
      const auDebit = sens === 'D' || sens === 'd' || sens === '+1'
      if (!auDebit && sens !== 'C' && sens !== 'c' && sens !== '-1')
        this.constats.ajouter('sens_illisible', numero, () => this.lisible('Sens'), 'Sens')
      debit = auDebit ? montant : 0
      credit = auDebit ? 0 : montant
    } else {
      debit = this.montant('Debit')
      credit = this.montant('Credit')
      if (debit !== 0 && credit !== 0) this.constats.ajouter('debit_et_credit', numero)
    }
    if (debit === 0 && credit === 0) this.constats.ajouter('debit_credit_nuls', numero)
    this.debit += debit
    this.credit += credit
    const at = this.place('CompteNum')
    const classe = at < 0 ? 0 : this.source.buf[debuts[at]!]! - 0x30
    if (classe === 6 || classe === 7) {
      this.classes[classe] += debit - credit
      this.classes.mouvement = true
    }
    const code = this.texte('JournalCode')
    this.journal(code, debit, credit)
    this.ecriture(code, debit - credit, jour)
  }

  private journal(code: string, debit: number, credit: number): void {
    let journal = this.journaux.get(code)
    if (!journal) {
      const plein = this.journaux.size >= JOURNAUX_MAX
      const cle = plein ? '…' : code
      journal = this.journaux.get(cle)
      if (!journal) {
        journal = {
          code: plein ? '…' : this.lisible('JournalCode', 20),
          libelle: plein ? 'Autres journaux' : this.lisible('JournalLib', 60),
          lignes: 0, debit: 0, credit: 0, ordre: this.journaux.size,
        } // prettier-ignore
        this.journaux.set(cle, journal)
      }
    }
    journal.lignes++
    journal.debit += debit
    journal.credit += credit
  }

  private ecriture(journal: string, ecart: number, jour: number, douteuse = false): void {
    const num = this.texte('EcritureNum')
    const { groupe } = this
    const { numero } = this.source
    if (groupe.ligne === 0 || num !== groupe.num || journal !== groupe.journal) {
      this.fermerGroupe()
      this.ecritures++
      this.numeros.ajouter(journal, num, numero)
      this.groupe = { journal, num, ligne: numero, ecart, jour, dates: false, douteuse }
      return
    }
    groupe.ecart += ecart
    groupe.douteuse ||= douteuse
    if (jour !== 0 && groupe.jour !== 0 && jour !== groupe.jour && !groupe.dates) {
      groupe.dates = true
      this.constats.ajouter('dates_multiples', numero, () => `écriture ${this.lisible('EcritureNum')}`)
    }
  }

  private fermerGroupe(): void {
    const { journal, num, ecart, ligne, douteuse } = this.groupe
    if (ligne !== 0 && !douteuse) this.equilibre.ajouter(`${journal}\0${num}`, ecart, ligne)
  }

  /** What can only be said at the end. */
  private bilan(): void {
    const { constats, classes } = this
    if (this.equilibre.aRelire()) this.relire()
    for (const ecart of this.equilibre.ecarts())
      constats.ajouter('ecriture_desequilibree', ecart.ligne, () => phraseEcart(ecart))
    const total = this.debit - this.credit
    if (Math.abs(total) >= DEMI_CENTIME && this.glissees === 0)
      constats.ajouter('total_desequilibre', 0, enEuros(total))
    for (const { de, a, ligne } of this.numeros.manquants())
      constats.ajouter('numerotation', ligne, de === a ? `${de}` : `${de} à ${a}`, '', a - de + 1)
    if (classes.mouvement && Math.abs(classes[6]) < DEMI_CENTIME && Math.abs(classes[7]) < DEMI_CENTIME)
      constats.ajouter('comptes_soldes', 0)
    if (this.latin > 0 && this.utf8 > 0) constats.ajouter('encodage_melange', 0)
    else if (this.des1252 > 0) constats.ajouter('encodage_1252', 0)
  }

  /** The second reading of equilibre.ts: entries and amounts only, nothing is found twice. */
  private relire(): void {
    const again = this.source.recommencer()
    this.equilibre.commencerRelecture()
    this.groupe = { journal: '', num: '', ligne: 0, ecart: 0, jour: 0, dates: false, douteuse: false }
    const muet = new Relecture(this.entete, this.equilibre, again, this.separateur)
    muet.lire()
    again.fermer()
  }

  private encodage(): Encodage {
    if (this.latin > 0) return this.des1252 > 0 ? 'Windows-1252' : 'ISO 8859-15'
    return this.utf8 > 0 || this.bom ? 'UTF-8' : 'ASCII'
  }

  private limites(): string[] {
    const list: string[] = []
    if (this.arrete) list.push('Le contenu n’a pas pu être lu : aucun autre contrôle n’a été fait.')
    if (this.doublons.incomplet)
      list.push('Les lignes en double ont été cherchées sur les premiers millions de lignes.')
    if (this.equilibre.incomplet)
      list.push('Les écritures déséquilibrées sont trop nombreuses pour être toutes comptées.')
    if (!this.arrete && !this.bornes)
      list.push('La date de clôture n’est pas connue : les dates n’ont pas été comparées à l’exercice.')
    return list
  }
}
