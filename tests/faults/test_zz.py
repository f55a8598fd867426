import collections, random, sys, collections
from pathlib import Path
import tests.faults.test_command_lines as T
def test_collect(killer, released, files, tmp_path):
    s=T.Sandbox(tmp_path/"sandbox", released, files)
    import os, time
    n0=int(os.environ.get("N0","0")); n=int(os.environ.get("N","300"))
    t=time.time(); bad=0; tot=collections.Counter(); cnt=collections.Counter(); slow=[]
    for place, number in enumerate(range(n0,n0+n)):
        if place % 40 == 0: names=s.fresh()
        line=T.hostile_line(random.Random(number), names, s.watched.workspace)
        t1=time.time()
        try: T.require_contract(killer, s, line)
        except AssertionError as e:
            bad+=1; print("BAD", number, [w[:60] for w in line.words], str(e)[:400])
        except Exception as e:
            bad+=1; print("EXC", number, [w[:60] for w in line.words], repr(e)[:300])
        d=time.time()-t1
        tot[' '.join(line.words[:1])[:20]]+=d; cnt[' '.join(line.words[:1])[:20]]+=1
        if d>1: slow.append((round(d,1),number,line.words[:3]))
    print("TOT", [(k,round(v,1),cnt[k]) for k,v in tot.most_common(12)]); print("SLOW", slow); print("TIME", time.time()-t, bad)
    assert 0
