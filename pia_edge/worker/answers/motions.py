"""Questions about motion."""

from pia_edge.worker.picture_questions import CopyMotion, MotionCopied


def copy_motion(question: CopyMotion) -> MotionCopied:
    """Return the motion of another clip, measured as the clips were on which the bundle was trained.

    Raises:
        BundleError: there is no such bundle.
        PictureError: the clip cannot be read.
        MissingExtraError: it is an MP4, and PyAV is not installed.
    """
    from pia_edge import motion_copy
    from pia_edge.bundle.find import find_bundle
    from pia_edge.bundle.opening import read_manifest

    manifest, _ = read_manifest(find_bundle(question.bundle))
    statistics = manifest.affinity_statistics
    motion = motion_copy.copy_motion(
        question.path, question.num_frames, question.condition_frame, statistics=statistics
    )
    return MotionCopied(motion)
