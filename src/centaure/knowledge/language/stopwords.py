"""Words that say nothing about the subject of a text, folded as tokens are.

Written for this project. A word is here when it carries grammar (articles, pronouns, auxiliaries,
prepositions) or the form of a question ("comment", "which"); never when it can be a subject ("droit",
"work"). Pieces that apostrophes leave ("qu", "ll") are here too.
"""

_FRENCH = """
a afin ai aie aient aies ait alors apres as au aucun aucune aujourdhui auquel aura aurai auraient
aurais aurait auras aurez auriez aurions aurons auront aussi autre autres aux auxquelles auxquels
avaient avais avait avant avec avez aviez avions avoir avons ayant ayez ayons c car ce ceci cela
celle celles celui cependant certain certaine certaines certains ces cet cette ceux chacun chacune
chaque chez ci combien comme comment d dans de dedans dehors depuis des desquelles desquels desormais
doit doivent donc dont du duquel elle elles en encore enfin entre es est et etaient etais etait etant
ete etes etre eu eue eues eurent eus eut eux faire fait faites faut font fut furent hors ici il ils
j je jusqu jusque l la laquelle le lequel les lesquelles lesquels leur leurs lors lorsqu lorsque lui
m ma mais malgre me meme memes mes mien mienne miennes miens moi moins mon n ne ni non nos notre
nous on ont ou parce par parfois parmi pas pendant peu peut peuvent peux plus plusieurs
plutot pour pourquoi pourra pourrait pourtant pres presqu presque puis puisqu puisque qu quand que
quel quelle quelles quelqu quelque quelques quels qui quoi quoiqu quoique s sa sans sauf se selon
sera serai seraient serais serait seras serez seriez serions serons seront ses si sien sienne
siennes siens sinon soi soient sois soit sommes son sont sous soyez soyons suis sur t ta tandis te
tel telle telles tels tes toi ton tous tout toute toutefois toutes tres tu un une unes uns vers via
voici voila vos votre vous vu y
"""

_ENGLISH = """
a about above after again against ain all also although am among an and any are aren around as at be
because been before being below between both but by can cannot could couldn d did didn do does
doesn doing don done down during each either else ever every few for from further had hadn has
hasn have haven having he hence her here hers herself him himself his how however i if in into is
isn it its itself just let ll m may me might more most much must mustn my myself need neither no
nor not now o of off often on once one only onto or other others our ours ourselves out over own
per perhaps please rather re s same shall shan she should shouldn since so some such t than that
the their theirs them themselves then there therefore these they this those though through thus to
too under until up upon us ve very was wasn we were weren what whatever when whenever where
whereas whether which while who whoever whom whose why will with within without won would wouldn
yet you your yours yourself yourselves
"""

STOP_WORDS: dict[str, frozenset[str]] = {
    "fr": frozenset(_FRENCH.split()),
    "en": frozenset(_ENGLISH.split()),
}
"""By language; none for "simple"."""
