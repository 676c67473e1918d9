#!/bin/bash
# take.sh NAME : cherry-pick the new commits of a helper
n=$1; git fetch -q /work/h/$n main || exit 1
from=$(cat .git/taken.$n 2>/dev/null || echo 5615acf)
for c in $(git rev-list --reverse $from..FETCH_HEAD); do
  if git log --format=%s 5615acf..HEAD | grep -qxF "$(git log -1 --format=%s $c)"; then echo "skip $(git log -1 --format=%s $c)"; continue; fi
  git cherry-pick -x $c >/tmp/lead/cp.log 2>&1 || { echo "CONFLICT $c"; git status --short | grep '^\(UU\|AA\|DU\|UD\)'; exit 2; }
  git commit -q --amend -m "$(git log -1 --format=%B | sed '/^(cherry picked from/d')"
done
git rev-parse FETCH_HEAD > .git/taken.$n
