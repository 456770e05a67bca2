import { debuts, fins, ligne as champs, texteDe } from './champs.ts'
import type { Colonne, Entete } from './colonnes.ts'
import type { Constats } from './constats.ts'
import type { Lignes } from './lignes.ts'
import { type FauteJour, type FauteMontant, lireJour, lireMontant, lu } from './octets.ts'

const FAUTES_JOUR = {
  forme: 'date_forme',
  siecle: 'date_siecle',
  impossible: 'date_impossible',
  illisible: 'date_illisible',
} as const
const FAUTES_MONTANT = {
  point: 'nombre_point',
  milliers: 'nombre_milliers',
  illisible: 'nombre_illisible',
} as const

/** The fields of the current line by the names of their columns; what cannot be read becomes a finding. */
export class Lecture {
  readonly constats: Constats
  private readonly source: Lignes
  private readonly places: Entete['places']

  constructor(source: Lignes, entete: Entete, constats: Constats) {
    this.source = source
    this.places = entete.places
    this.constats = constats
  }

  /** Of the current line, from 1. */
  get numero(): number {
    return this.source.numero
  }

  /** -1 when the line has no such column. */
  place(nom: Colonne): number {
    const place = this.places[nom]
    return place === undefined || place >= champs.nombre || place >= debuts.length ? -1 : place
  }

  vide(nom: Colonne): boolean {
    const at = this.place(nom)
    return at < 0 || fins[at] === debuts[at]
  }

  /** The first byte of a field that is not empty. */
  premier(nom: Colonne): number {
    return this.source.buf[debuts[this.place(nom)]!]!
  }

  /** Whether a field that is not empty begins with so many digits. */
  commenceParChiffres(nom: Colonne, combien: number): boolean {
    const { buf } = this.source
    const at = this.place(nom)
    const debut = debuts[at]!
    if (fins[at]! < debut + combien) return false
    for (let i = debut; i < debut + combien; i++) if (buf[i]! < 0x30 || buf[i]! > 0x39) return false
    return true
  }

  /** Byte by byte: to compare, not to show. */
  texte(nom: Colonne): string {
    const at = this.place(nom)
    return at < 0 ? '' : this.source.buf.toString('latin1', debuts[at], fins[at])
  }

  /** Text for a person, in the right encoding. */
  lisible(nom: Colonne, max = 40): string {
    const at = this.place(nom)
    return at < 0 ? '' : texteDe(this.source.buf, debuts[at]!, fins[at]!, max)
  }

  /** The day in a column as the number AAAAMMJJ, or 0 when there is none that can be understood. */
  jour(nom: Colonne): number {
    const at = this.place(nom)
    if (at < 0 || fins[at] === debuts[at]) return 0
    const faute = lireJour(this.source.buf, debuts[at]!, fins[at]!)
    return faute === '' ? lu.valeur : this.fauteDeJour(nom, faute, lu.valeur)
  }

  /** An amount in ten-thousandths; nothing counts for zero. */
  montant(nom: Colonne): number {
    const at = this.place(nom)
    if (at < 0 || fins[at] === debuts[at]) return 0
    const faute = lireMontant(this.source.buf, debuts[at]!, fins[at]!)
    return faute === '' ? lu.valeur : this.fauteDeMontant(nom, faute, lu.valeur)
  }

  // Apart: a function with a closure in it costs memory at each call, be it for a field that is right.

  private fauteDeJour(nom: Colonne, faute: Exclude<FauteJour, ''>, valeur: number): number {
    if (faute === 'vide') {
      if (nom === 'EcritureDate')
        this.constats.ajouter('date_illisible', this.numero, () => this.lisible(nom), nom)
      return 0
    }
    this.constats.ajouter(FAUTES_JOUR[faute], this.numero, () => this.lisible(nom), nom)
    return faute === 'forme' ? valeur : 0
  }

  private fauteDeMontant(nom: Colonne, faute: Exclude<FauteMontant, ''>, valeur: number): number {
    this.constats.ajouter(FAUTES_MONTANT[faute], this.numero, () => this.lisible(nom), nom)
    return faute === 'illisible' ? 0 : valeur
  }
}
