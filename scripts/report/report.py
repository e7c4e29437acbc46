import sys, shutil
if "--facts" in sys.argv: shutil.copytree(sys.argv[sys.argv.index("--facts")+1], "/tmp/rep/facts", dirs_exist_ok=True)
