import { debuts, decouper, fins, ligne as champs } from './champs.ts'
import type { Colonne, Entete } from './colonnes.ts'
import type { Equilibre } from './equilibre.ts'
import type { Lignes } from './lignes.ts'
import { lireMontant, lu } from './octets.ts'

/** Entries and amounts of a file, without a word on what is wrong. */
export class Relecture {
  private readonly entete: Entete
  private readonly equilibre: Equilibre
  private readonly source: Lignes
  private readonly separateur: number

  constructor(entete: Entete, equilibre: Equilibre, source: Lignes, separateur: number) {
    this.entete = entete
    this.equilibre = equilibre
    this.source = source
    this.separateur = separateur
  }

  lire(): void {
    const { source } = this
    source.suivante()
    let cle = ''
    let ecart = 0
    let ligne = 0
    while (source.suivante()) {
      decouper(source.buf, source.debut, source.fin, this.separateur)
      if (champs.nombre === 1) continue
      const ici = `${this.texte('JournalCode')}\0${this.texte('EcritureNum')}`
      if (ici !== cle) {
        this.equilibre.ajouter(cle, ecart, ligne)
        cle = ici
        ecart = 0
        ligne = source.numero
      }
      ecart += this.ecart()
    }
    this.equilibre.ajouter(cle, ecart, ligne)
  }

  private ecart(): number {
    if (!this.entete.montantSens) return this.montant('Debit') - this.montant('Credit')
    const sens = this.texte('Sens')
    return /^(?:D|d|\+1)$/.test(sens) ? this.montant('Montant') : -this.montant('Montant')
  }

  private texte(nom: Colonne): string {
    const at = this.entete.places[nom]
    return at === undefined || at >= champs.nombre
      ? ''
      : this.source.buf.toString('latin1', debuts[at], fins[at])
  }

  private montant(nom: Colonne): number {
    const at = this.entete.places[nom]
    if (at === undefined || at >= champs.nombre || fins[at] === debuts[at]) return 0
    return lireMontant(this.source.buf, debuts[at]!, fins[at]!) === 'illisible' ? 0 : lu.valeur
  }
}
