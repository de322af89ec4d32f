import { mkdtempSync, rmSync } from "node:fs";
import { openSqlitePersistence, openSqliteReader } from "./src/persistence/sqlite/index.ts";
import { encodeIndexKey } from "@tandem/values";
import { readdirSync, readFileSync } from "node:fs";
const N=Number(process.argv[2]??600), PRUNE=process.argv[3]!=="noprune", READ=process.argv[4]==="read", LAG=Number(process.argv[5]??100);
const dir=mkdtempSync("/tmp/sq/b-"); const path=dir+"/t.db";
const store=openSqlitePersistence({path});
const D=100000; const ids:string[]=[]; const A="0123456789abcdefghjkmnpqrstvwxyz";
for(let i=0;i<D;i++){let s="";for(let j=0;j<32;j++)s+=A[Math.random()*32|0];ids.push(s);}
const js=(id:string,b:number)=>`{"_creationTime":1732387445123.25,"_id":"${id}","balance":${b},"owner":"account holder"}`;
const T=10001,CT=1732387445123.25;
let ts=0;
for(let i=0;i<D;i+=1000){ const head=ts; ts++;
 const part=ids.slice(i,i+1000);
 await store.append(head,[{ts,documents:part.map(id=>({tableId:T,id,document:{id,json:js(id,1000),size:110}})),indexEntries:part.map((id,k)=>({indexId:7,key:encodeIndexKey([CT+i+k,id]),documentId:id})),touched:[],changesCatalog:false}]);
}
while(await store.prune(ts,1000)>0);
const keys=ids.map((id,i)=>encodeIndexKey([CT+i,id])), byId=ids.map(id=>encodeIndexKey([id]));
await new Promise(r=>setTimeout(r,2000));
// per-thread cpu via /proc
const threads=()=>{const m=new Map<string,number>();for(const t of readdirSync("/proc/self/task")){try{const s=readFileSync(`/proc/self/task/${t}/stat`,"utf8");const c=s.slice(s.lastIndexOf(")")+2).split(" ");m.set(t+" "+s.slice(s.indexOf("(")+1,s.lastIndexOf(")")),(+c[11]!+ +c[12]!)*10);}catch{}}return m;};
const before=threads();
const times:number[]=[]; const heads:number[]=[]; const t00=performance.now(); const c0=(process as any).threadCpuUsage();
let pruning: Promise<unknown>|null=null; let pruned=0; let sendCpu=0;
let reads=0, readTime=0;
for(let n=0;n<N;n++){
 const head=ts; const batch=[];
 for(let c=0;c<50;c++){ts++;
  const docs=[],touched=[];
  for(let k=0;k<2;k++){const i=Math.random()*D|0;const id=ids[i]!;docs.push({tableId:T,id,document:{id,json:js(id,ts),size:110}});touched.push({indexId:6,key:byId[i]!},{indexId:7,key:keys[i]!});}
  batch.push({ts,documents:docs,indexEntries:[],touched,changesCatalog:false});
 }
 heads.push(ts);
 const t=performance.now();
 const p=store.append(head,batch); sendCpu+=performance.now()-t;
 await p;
 times.push(performance.now()-t);
 if(PRUNE&&pruning===null&&n>LAG) pruning=store.prune(heads[n-LAG]!,500).then(c=>{pruned+=c;pruning=null;});
 if(READ){const t=performance.now();for(let k=0;k<50;k++){store.get(T,ids[Math.random()*D|0]!,ts);}readTime+=performance.now()-t;reads+=50;}
}
const wall=performance.now()-t00; const cu=(process as any).threadCpuUsage(c0); const after=threads();
const q=(a:number[],p:number)=>a.slice().sort((x,y)=>x-y)[Math.min(a.length-1,a.length*p|0)]!.toFixed(2);
console.log(`append50: p50 ${q(times,.5)} p90 ${q(times,.9)} p99 ${q(times,.99)} max ${q(times,1)} ms | ${(N*50/wall*1000)|0}/s | main cpu/commit ${((cu.user+cu.system)/N/50).toFixed(1)}us send ${(sendCpu*1000/N/50).toFixed(2)}us | pruned ${pruned}/${N*50} reads ${reads?(readTime*1000/reads).toFixed(1):"-"}us`);
console.log("thread cpu us/commit:",[...after].map(([k,v])=>[k,((v-(before.get(k)??0))*1000/N/50)] as const).filter(([,v])=>v>0.5).map(([k,v])=>k+": "+v.toFixed(1)).join(", "), "wal MB",(await import("node:fs")).statSync(path+"-wal").size/1e6, "rss",(process.memoryUsage().rss/1e6|0));
await pruning; while(await store.prune(ts,1000)>0);
await new Promise(r=>setTimeout(r,1500));
const time=(name:string,n:number,f:()=>void)=>{const best:number[]=[];for(let r=0;r<15;r++){const t=performance.now();for(let i=0;i<n;i++)f();best.push((performance.now()-t)*1000/n);}best.sort((a,b)=>a-b);console.log(name,"p50",best[7]!.toFixed(1),"min",best[0]!.toFixed(1),"us");};
time("get hot",2000,()=>{store.get(T,ids[7]!,ts)});
time("get random",2000,()=>{store.get(T,ids[Math.random()*D|0]!,ts)});
const sorted=keys;
time("scan 100 index (random place)",100,()=>{const i=Math.random()*(D-200)|0;const r=store.scan({kind:"entries",tableId:T,indexId:7},{start:sorted[i]!,end:null},"asc",ts,100);if((r as any).length!==100)throw 1;});
time("scan 100 index (same place)",100,()=>{store.scan({kind:"entries",tableId:T,indexId:7},{start:sorted[500]!,end:null},"asc",ts,100);});
time("scan 100 by id (same place)",100,()=>{store.scan({kind:"documents",tableId:T},{start:"",end:null},"asc",ts,100);});
await store.close(); rmSync(dir,{recursive:true});
