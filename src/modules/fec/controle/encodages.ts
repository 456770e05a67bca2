import { aDes1252, estUtf8 } from './champs.ts'
import type { Constats } from './constats.ts'
import type { Encodage } from './rapport.ts'

/** Which encodings the lines with a byte outside ASCII are in. */
export class Encodages {
  private utf8 = 0
  private latin = 0
  private des1252 = 0

  voir(buf: Buffer, debut: number, fin: number): void {
    if (estUtf8(buf, debut, fin)) this.utf8++
    else {
      this.latin++
      if (aDes1252(buf, debut, fin)) this.des1252++
    }
  }

  conclure(constats: Constats): void {
    if (this.latin > 0 && this.utf8 > 0) constats.ajouter('encodage_melange', 0)
    else if (this.des1252 > 0) constats.ajouter('encodage_1252', 0)
  }

  nom(bom: boolean): Encodage {
    if (this.latin > 0) return this.des1252 > 0 ? 'Windows-1252' : 'ISO 8859-15'
    return this.utf8 > 0 || bom ? 'UTF-8' : 'ASCII'
  }
}
