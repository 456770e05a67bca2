import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const BLOC = 1024 * 1024
/** A line of a FEC has a few hundred bytes; above this it is no line. */
export const LIGNE_MAX = 64 * 1024
const LF = 0x0a
const CR = 0x0d

export type FinDeLigne = 'CRLF' | 'LF' | 'CR'

/**
 * The lines of a file, one after the other, in one buffer of a megabyte, whatever the size of the file. For a thread
 * of its own: it reads without waiting for anybody.
 */
export class Lignes {
  readonly buf: Buffer = Buffer.allocUnsafe(BLOC + LIGNE_MAX)
  /** Of the current line, without its end. */
  debut = 0
  fin = 0
  /** From 1. */
  numero = 0
  /** Bytes read so far. */
  lus = 0
  readonly taille: number
  finDeLigne: FinDeLigne = 'LF'
  /** Told after each block. */
  progres: (octets: number) => void = () => undefined
  /** Told of a line that is too long to be read. */
  tropLongue: (numero: number) => void = () => undefined
  private readonly fd: number
  private pos = 0
  private limite = 0
  private marque = LF
  private fini = false
  private sauter = false

  private readonly chemin: string

  constructor(chemin: string) {
    this.chemin = chemin
    this.fd = openSync(chemin, 'r')
    this.taille = fstatSync(this.fd).size
    this.remplir()
    const bloc = this.buf.subarray(0, this.limite)
    const lf = bloc.indexOf(LF)
    const cr = bloc.indexOf(CR)
    if (lf < 0 && cr >= 0) this.finDeLigne = 'CR'
    else this.finDeLigne = lf > 0 && bloc[lf - 1] === CR ? 'CRLF' : 'LF'
    this.marque = this.finDeLigne === 'CR' ? CR : LF
  }

  /** The first bytes, to recognise what kind of file it is. */
  tete(): Buffer {
    return this.buf.subarray(0, Math.min(this.limite, 4096))
  }

  /** Moves to the next line. False at the end. */
  suivante(): boolean {
    for (;;) {
      const at = this.buf.indexOf(this.marque, this.pos)
      if (at >= 0 && at < this.limite) {
        const debut = this.pos
        this.pos = at + 1
        this.numero++
        if (this.sauter) {
          this.sauter = false
          continue
        }
        if (at - debut > LIGNE_MAX) {
          this.tropLongue(this.numero)
          continue
        }
        return this.donner(debut, at)
      }
      if (this.fini) {
        const debut = this.pos
        this.pos = this.limite
        // Old programs end a file with the mark 1A.
        if (debut >= this.limite || this.sauter || (this.limite - debut === 1 && this.buf[debut] === 0x1a))
          return false
        this.numero++
        return this.donner(debut, this.limite)
      }
      this.remplir()
    }
  }

  /** The same file from its beginning; the caller closes it too. */
  recommencer(): Lignes {
    return new Lignes(this.chemin)
  }

  fermer(): void {
    closeSync(this.fd)
  }

  private donner(debut: number, fin: number): boolean {
    this.debut = debut
    this.fin = fin > debut && this.buf[fin - 1] === CR ? fin - 1 : fin
    return true
  }

  private remplir(): void {
    let reste = this.limite - this.pos
    if (reste > LIGNE_MAX) {
      if (!this.sauter) this.tropLongue(this.numero + 1)
      this.sauter = true
      reste = 0
    } else if (reste > 0) this.buf.copy(this.buf, 0, this.pos, this.limite)
    const n = readSync(this.fd, this.buf, reste, BLOC, null)
    this.pos = 0
    this.limite = reste + n
    this.lus += n
    if (n === 0) this.fini = true
    else this.progres(this.lus)
  }
}
