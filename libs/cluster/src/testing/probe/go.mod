module prow-deploy/cluster/probe

go 1.24.0
