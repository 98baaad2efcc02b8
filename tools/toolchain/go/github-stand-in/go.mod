module prow-deploy/toolchain/github-stand-in

go 1.24.0
