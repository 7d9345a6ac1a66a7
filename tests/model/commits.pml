/*
 * Commits in one room: the relay orders them by compare-and-set, members judge them, and an epoch can be opened again.
 *
 * Three members and a relay, any of which may crash or lose its connection. Member 1 can make commits that others find
 * invalid, perhaps not all of them. The relay's log is shared; a member reads it at its own pace, and learns what became
 * of an entry at any later time, which stands for events that are under way. docs/protocol.md has the rules in words.
 *
 * Checked: asserts below, and that no end is reached before the log is full (spin's invalid end states): as long as
 * members come back, some commit can follow.
 *
 * Planted faults: SECOND (a member commits again from a state whose commit was withdrawn), NOCAS (the relay does not
 * compare epochs), LATE (the relay withdraws what stands already), PLAIN (compare-and-set without a way back).
 */
#define N 3
#ifndef L
#define L 4
#endif
#ifndef FAULTS
#define FAULTS 2
#endif

#define bit(m) (1 << (m))
#define all (bit(N) - 1)
#define nobody N

mtype = { pending, stands, withdrawn }

/* One commit: who made it, in which epoch and upon which entry, who refuses it, and whom it adds again. */
typedef Entry { byte by; byte epoch; byte base; byte bad; byte adds; mtype status }
Entry log[L];
byte size = 1;                /* entry 0 founded the room */

/* The relay. What is pending is the log's last commit, if any. */
byte epoch = 0;
bool open = false;           /* a commit is pending */
byte last;                   /* the pending one */
byte nacks, spent, here;     /* sets of members */
byte life = 0;

/* Members. `at`: the entry that began its state; `next`: the first that it has not read. */
typedef Member {
  byte at; byte next; byte before; byte mine; byte minebad; byte refusing; byte life;
  bool unsettled; bool out; bool sent; bool used; bool owes; bool fallen
}
Member is[N];

#define epochof(m) (is[m].at == 0 -> 0 : log[is[m].at].epoch + 1)

#ifdef SECOND
#define mayagain(m) true
#else
#define mayagain(m) (!is[m].used)
#endif

inline stand() {
  assert(log[last].status == pending);
  log[last].status = stands;
  k = 1;
  do
  :: k < size -> assert(k == last || log[k].epoch != log[last].epoch || log[k].status != stands); k++
  :: else -> break
  od;
  k = 0;
  do
  :: k < N ->
     if
     :: (log[last].adds & bit(k)) && is[k].fallen ->
        is[k].fallen = false; is[k].at = last; is[k].next = last + 1; is[k].life = life;
        is[k].unsettled = false; is[k].out = false; is[k].used = false; is[k].owes = false; is[k].refusing = 0
     :: else
     fi;
     k++
  :: else -> break
  od;
  k = 0; open = false; spent = 0; nacks = 0
}

inline withdraw() {
#ifndef LATE
  assert(log[last].status == pending);
#endif
  log[last].status = withdrawn;
  epoch = log[last].epoch;
  spent = spent | bit(log[last].by);
  open = false; nacks = 0
}

/* What becomes of the pending commit, with those who are here to judge it. */
inline settle() {
#ifndef PLAIN
  if
  :: open ->
     k = here & ~bit(log[last].by) & ~log[last].adds & all;
     if
     :: k == 0 && nacks == 0 -> stand()
     :: k != 0 && (k & nacks) == k -> withdraw()
     :: else
     fi;
     k = 0
  :: else
  fi
#else
  skip
#endif
}

/* The relay takes the commit that `m` has sent, or refuses it. What it took is kept until its fate is known here. */
inline take(m) {
  if
#ifndef NOCAS
  :: is[m].life != life || epochof(m) != epoch || is[m].at != is[m].mine -> is[m].out = false
#endif
  :: size == L -> is[m].out = false
  :: else ->
     is[m].sent = true;
     if :: open -> stand() :: else fi;  /* who commits upon a commit has adopted it */
     log[size].by = m; log[size].epoch = epochof(m); log[size].base = is[m].at; log[size].bad = is[m].minebad;
     log[size].status = pending; log[size].adds = 0;
     k = 0;
     do
     :: k < N -> if :: is[k].fallen -> log[size].adds = log[size].adds | bit(k) :: else fi; k++
     :: else -> break
     od;
     k = 0; last = size; size++; epoch = log[last].epoch + 1; open = true; nacks = 0;
     settle()
  fi
}

inline fall(m) { is[m].fallen = true; is[m].unsettled = false; is[m].out = false; is[m].refusing = 0; is[m].owes = false }

proctype Person(byte m) {
  byte k;
  do
  :: atomic { size == L && !open -> break }

  /* Makes a commit: stored, then sent. */
  :: atomic { size < L && (here & bit(m)) && !is[m].fallen && !is[m].out && !is[m].unsettled && !is[m].refusing &&
     is[m].next == size && is[m].life == life && epochof(m) == epoch && mayagain(m) ->
     k = 1;
     do
     :: k < size -> assert(!(log[k].by == m && log[k].base == is[m].at && log[k].status == withdrawn)); k++
     :: else -> break
     od;
     k = 0; is[m].out = true; is[m].sent = false; is[m].mine = is[m].at;
     if
     :: is[m].minebad = 0
     :: m == 1 -> is[m].minebad = bit(0)
     :: m == 1 -> is[m].minebad = bit(0) | bit(2)
     fi }
  :: atomic { is[m].out && !is[m].sent && (here & bit(m)) && !(open && log[last].by == m) && !(spent & bit(m)) -> take(m) }

  /* Reads on. */
  :: atomic { (here & bit(m)) && !is[m].fallen && !is[m].refusing && is[m].life == life && is[m].next < size ->
     k = is[m].next; is[m].next++;
     if
     :: log[k].status == withdrawn -> if :: log[k].by == m -> is[m].used = true; is[m].out = false :: else fi
     :: log[k].status != withdrawn && log[k].by == m ->
        is[m].before = is[m].at; is[m].at = k; is[m].unsettled = true; is[m].out = false
     :: log[k].status != withdrawn && log[k].by != m && (log[k].bad & bit(m)) ->
        is[m].refusing = k;
        if :: open && last == k -> nacks = nacks | bit(m); settle() :: else fi
     :: else ->
        is[m].at = k; is[m].unsettled = false; is[m].used = false; is[m].out = false; is[m].owes = true
     fi;
     k = 0 }

  /* Its word that it has adopted arrives. */
  :: atomic { is[m].owes && (here & bit(m)) ->
     is[m].owes = false;
     if :: open && last == is[m].at -> stand() :: else fi }

  /* Verdicts. */
  :: atomic { is[m].unsettled && (here & bit(m)) && log[is[m].at].status == stands -> is[m].unsettled = false; is[m].used = false }
  :: atomic { is[m].unsettled && (here & bit(m)) && log[is[m].at].status == withdrawn ->
     is[m].at = is[m].before; is[m].unsettled = false; is[m].used = true }
  :: atomic { is[m].refusing && (here & bit(m)) && log[is[m].refusing].status == withdrawn -> is[m].refusing = 0 }
  :: atomic { is[m].refusing && (here & bit(m)) && log[is[m].refusing].status == stands -> fall(m) }
  :: atomic { (here & bit(m)) && !is[m].fallen && !is[m].unsettled && is[m].at && log[is[m].at].status == withdrawn -> fall(m) }

  /* Comes back: it tells again that it refuses, and whether the relay began anew meanwhile. */
  :: atomic { !(here & bit(m)) -> here = here | bit(m);
     if
     :: is[m].fallen || is[m].life == life -> skip
     :: else ->
        is[m].life = life; is[m].refusing = 0;
        if
        :: is[m].unsettled -> is[m].unsettled = false; is[m].used = false
        :: else
        fi;
        if
        /* A commit whose fate it does not know goes again: the same bytes. */
        :: epochof(m) == epoch -> is[m].next = size; is[m].sent = false
        /* It alone has the commit that the relay lost. */
        :: epochof(m) != epoch && log[size - 1].by == m && log[size - 1].base == is[m].at && log[size - 1].status == stands ->
           is[m].at = size - 1; is[m].next = size; is[m].out = false; is[m].used = false
        :: else -> fall(m)
        fi
     fi;
     is[m].life = life;
     if :: is[m].refusing && open && last == is[m].refusing -> nacks = nacks | bit(m); settle() :: else fi }
  od
}

proctype Relay() {
  byte k;
  do
  :: atomic { size == L && !open -> break }
#ifndef PLAIN
  :: atomic { open -> stand() }               /* its time is over */
#endif
#ifdef LATE
  :: atomic { !open && size > 1 && epoch == log[last].epoch + 1 && nacks != 0 -> withdraw() }
  :: atomic { !open && size > 1 && log[last].status == stands && log[last].bad != 0 -> nacks = log[last].bad }
#endif
  od
}

/* Connections and processes end, at any time; everybody comes back. */
proctype Faults() {
  byte k, left = FAULTS;
  do
  :: left == 0 -> break
  :: break
  :: atomic { left > 0 && (here & bit(0)) -> left--; here = here & ~bit(0); is[0].owes = false; settle() }
  :: atomic { left > 0 && (here & bit(1)) -> left--; here = here & ~bit(1); is[1].owes = false; settle() }
  :: atomic { left > 0 && (here & bit(2)) -> left--; here = here & ~bit(2); is[2].owes = false; settle() }
  :: atomic { left > 0 && life < 2 -> left--; life++;
     /* The epoch is on its disk: what began it stands. */
     if :: open -> stand() :: else fi;
     here = 0; spent = 0; nacks = 0; is[0].owes = false; is[1].owes = false; is[2].owes = false }
  od
}

init {
  atomic { here = all; is[0].next = 1; is[1].next = 1; is[2].next = 1;
    run Person(0); run Person(1); run Person(2); run Relay(); run Faults() }
}
