import type { Module } from './kernel/page.ts'
import { accueil } from './modules/accueil/index.ts'
import { plateforme } from './modules/plateforme/index.ts'
import { documents } from './modules/documents/index.ts'
import { clotures } from './modules/clotures/index.ts'
import { actualites } from './modules/actualites/index.ts'
import { connexion } from './modules/connexion/index.ts'
import { contact } from './modules/contact/index.ts'
import { adherents } from './modules/adherents/index.ts'
import { demandes } from './modules/demandes/index.ts'
import { demandesDeCompte } from './modules/demandes-de-compte/index.ts'
import { courriers } from './modules/courriers/index.ts'
import { validations } from './modules/validations/index.ts'
import { coordonnees } from './modules/coordonnees/index.ts'
import { courrielsDemo } from './modules/courriels-demo/index.ts'
import { formations } from './modules/formations/index.ts'
import { espaces } from './modules/espaces/index.ts'
import { statistiques } from './modules/statistiques/index.ts'
import { mentions } from './modules/mentions/index.ts'
import { profil } from './modules/profil/index.ts'
import { clients } from './modules/clients/index.ts'
import { messages } from './modules/messages/index.ts'
import { aFaireModule } from './modules/a-faire/index.ts'
import { cabinet } from './modules/cabinet/index.ts'
import { declarations } from './modules/declarations/index.ts'
import { supervision } from './modules/supervision/index.ts'
import { collaborateurs } from './modules/collaborateurs/index.ts'
import { affectations } from './modules/affectations/index.ts'
import { reprises } from './modules/reprises/index.ts'
import { fec } from './modules/fec/index.ts'
import { journal } from './modules/journal/index.ts'
import { imports } from './modules/imports/index.ts'
import { transferts } from './modules/transferts/index.ts'
import { comptes } from './modules/comptes/index.ts'
import { personnel } from './modules/personnel/index.ts'
import { reglages } from './modules/reglages/index.ts'
import { voirComme } from './modules/voir-comme/index.ts'
import { travaux } from './modules/travaux/index.ts'
import { selections } from './modules/selections/index.ts'
import { publications } from './modules/publications/index.ts'
import { emissions } from './modules/emissions/index.ts'
import { suivi } from './modules/suivi/index.ts'
import { agenda } from './modules/agenda/index.ts'

/** Every folder of src/modules. A module that is not in this list does not exist. */
export const modules: readonly Module[] = [
  accueil,
  connexion,
  profil,
  agenda,
  reprises,
  plateforme,
  documents,
  clotures,
  suivi,
  courriers,
  validations,
  supervision,
  collaborateurs,
  affectations,
  aFaireModule,
  cabinet,
  clients,
  declarations,
  messages,
  coordonnees,
  adherents,
  demandes,
  demandesDeCompte,
  comptes,
  personnel,
  voirComme,
  reglages,
  courrielsDemo,
  actualites,
  formations,
  transferts,
  fec,
  journal,
  travaux,
  imports,
  selections,
  publications,
  emissions,
  espaces,
  statistiques,
  contact,
  mentions,
]
