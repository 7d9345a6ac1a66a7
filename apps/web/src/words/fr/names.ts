/** French: `../names.ts`. An animal with a noun behind it, which needs no agreement. */
import type { Catalogue } from '../catalogue.ts'

export const nameWords: Catalogue['nameWords'] = {
  both: (manner, animal) => `${animal} ${manner.replace('_', ' ')}`,
  manners:
    'd’argent d’or d’ambre d’avril d’automne d’été d’hiver d’azur de_mai de_lune de_jade de_soie de_velours de_cuivre ' +
    'de_corail de_neige de_brume de_nuit de_mer de_rivière de_colline de_montagne de_forêt de_prairie de_bruyère ' +
    'de_mousse de_menthe de_miel de_trèfle de_lavande de_lin du_matin du_soir du_nord du_sud du_lac du_vallon du_jardin ' +
    'du_rivage du_bocage des_bois des_champs des_îles des_nuages des_étoiles des_dunes',
  animals:
    'Alouette Belette Bison Blaireau Canard Castor Cerf Cigogne Colibri Coucou Cygne Daim Dauphin Écureuil Faucon Furet Geai ' +
    'Grive Grue Hérisson Héron Hibou Hirondelle Ibis Koala Lièvre Loir Loutre Lynx Marmotte Martre Merle Mésange Moineau ' +
    'Mouette Panda Phoque Pie Pingouin Pinson Pivert Renard Rossignol Tapir Tortue Yak',
}
